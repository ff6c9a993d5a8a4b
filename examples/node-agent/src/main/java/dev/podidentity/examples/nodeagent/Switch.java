package dev.podidentity.examples.nodeagent;

import java.util.Arrays;
import java.util.Locale;

/** Whether something is done: always, never, or where it can be. */
enum Switch {
  AUTO,
  ON,
  OFF;

  /**
   * Reads {@code auto}, {@code on} or {@code off}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Switch parse(String text) {
    return Arrays.stream(values())
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + text + "' is not one of auto, on and off"));
  }
}
