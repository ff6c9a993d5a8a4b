package dev.podidentity.examples.nodeagent;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.slf4j.event.KeyValuePair;

/**
 * A line for people. Characters that end a line or cannot be seen are replaced, and the lines of a
 * stack trace are indented: nothing that was logged can look like a line of its own.
 */
final class TextLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NONE = {};
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  @Override
  public byte[] headerBytes() {
    return NONE;
  }

  @Override
  public byte[] footerBytes() {
    return NONE;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = new StringBuilder();
    line.append(event.getInstant())
        .append(String.format(Locale.ROOT, " %-5s ", event.getLevel()))
        .append(event.getLoggerName().replaceFirst(".*\\.", ""))
        .append(" - ")
        .append(printable(event.getFormattedMessage()));
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    for (KeyValuePair pair : pairs == null ? List.<KeyValuePair>of() : pairs) {
      line.append(' ').append(pair.key).append("=\"").append(printable(pair.value)).append('"');
    }
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      ThrowableProxyUtil.asString(event.getThrowableProxy())
          .lines()
          .forEach(frame -> line.append("    ").append(printable(frame.strip())).append('\n'));
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String printable(Object value) {
    return UNPRINTABLE.matcher(String.valueOf(value)).replaceAll("?");
  }
}
