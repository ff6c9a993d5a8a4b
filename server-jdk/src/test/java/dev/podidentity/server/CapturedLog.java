package dev.podidentity.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Every line that this library logs, with its key-value pairs and its stack traces. */
final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final PatternLayout layout = new PatternLayout();
  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.podidentity");

  @SuppressWarnings("this-escape") // nothing is done here after it
  CapturedLog() {
    layout.setContext(ours.getLoggerContext());
    layout.setPattern("%level %logger %msg %kvp %mdc %ex{full}");
    layout.start();
    setContext(ours.getLoggerContext());
    start();
    ours.addAppender(this);
    ours.setLevel(Level.TRACE);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(layout.doLayout(event));
  }

  @Override
  public void close() {
    ours.detachAppender(this);
    ours.setLevel(null);
  }
}
