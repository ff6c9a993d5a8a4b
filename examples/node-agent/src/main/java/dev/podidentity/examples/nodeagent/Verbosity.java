package dev.podidentity.examples.nodeagent;

import ch.qos.logback.classic.Level;
import java.util.Locale;

/** How much is logged: the names that the reference agent takes. */
enum Verbosity {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  WARNING,
  ERROR,
  FATAL,
  PANIC;

  /**
   * Reads a level's name, in any case.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Verbosity parse(String text) {
    try {
      return valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no level: write trace, debug, info, warn or error", e);
    }
  }

  Level level() {
    return switch (this) {
      case TRACE -> Level.TRACE;
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARN, WARNING -> Level.WARN;
      case ERROR, FATAL, PANIC -> Level.ERROR;
    };
  }
}
