package dev.podidentity.examples.nodeagent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Locale;
import org.slf4j.LoggerFactory;

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

  // The AWS SDK's own loggers are left alone: at debug they write the requests that they sign.
  private static final String LOGGER = "dev.podidentity";

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

  /** From now on, this much is logged. */
  void apply() {
    if (LoggerFactory.getLogger(LOGGER) instanceof Logger logger) {
      logger.setLevel(level());
    }
  }

  private Level level() {
    return switch (this) {
      case TRACE -> Level.TRACE;
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARN, WARNING -> Level.WARN;
      case ERROR, FATAL, PANIC -> Level.ERROR;
    };
  }
}
