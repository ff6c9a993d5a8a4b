package dev.podidentity.addon.configuration;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the reference agent's flags take them: {@code 3h}, {@code 1h30m}, {@code 0}. */
public final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("(?<amount>[0-9]{1,9}(\\.[0-9]{1,9})?)(?<unit>ms|us|µs|ns|h|m|s)");

  /** What Go counts in nanoseconds. */
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private GoDuration() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if the text is none, or more than 292 years
   */
  public static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher part = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      sum = sum.plus(duration(part));
      end = part.end();
    }
    if (text.isEmpty() || end < text.length()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no duration: write 3h, 90s, 1h30m, 500ms or 0");
    }
    if (sum.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("'" + text + "' is too long a duration");
    }
    return sum;
  }

  /** Writes a duration that is not negative, as {@link #parse} reads it. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0";
    }
    var text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toNanosPart(), "ns");
    return text.toString();
  }

  private static void append(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(amount).append(unit);
    }
  }

  private static Duration duration(Matcher part) {
    BigDecimal nanos = new BigDecimal(part.group("amount")).multiply(nanosOf(part.group("unit")));
    try {
      return Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + part.group() + "' is too long a duration", e);
    }
  }

  private static BigDecimal nanosOf(String unit) {
    return switch (unit) {
      case "h" -> BigDecimal.valueOf(Duration.ofHours(1).toNanos());
      case "m" -> BigDecimal.valueOf(Duration.ofMinutes(1).toNanos());
      case "s" -> BigDecimal.valueOf(Duration.ofSeconds(1).toNanos());
      case "ms" -> BigDecimal.valueOf(Duration.ofMillis(1).toNanos());
      case "us", "µs" -> BigDecimal.valueOf(1_000);
      default -> BigDecimal.ONE;
    };
  }
}
