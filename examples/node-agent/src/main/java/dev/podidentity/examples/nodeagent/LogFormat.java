package dev.podidentity.examples.nodeagent;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import java.util.Locale;

/** How a log line looks. */
enum LogFormat {
  /** A JSON object, for whatever collects the node's logs. */
  JSON,
  /** For people. */
  TEXT;

  /**
   * Reads a format's name, in any case.
   *
   * @throws IllegalArgumentException if it is none
   */
  static LogFormat parse(String text) {
    try {
      return valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no format: write json or text", e);
    }
  }

  Encoder<ILoggingEvent> encoder() {
    return switch (this) {
      case JSON -> new JsonLines();
      case TEXT -> new TextLines();
    };
  }
}
