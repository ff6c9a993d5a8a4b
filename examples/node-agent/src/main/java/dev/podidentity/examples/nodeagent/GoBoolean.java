package dev.podidentity.examples.nodeagent;

/** Booleans as the reference agent's flags take them. */
final class GoBoolean {
  private GoBoolean() {}

  /**
   * Reads a boolean.
   *
   * @throws IllegalArgumentException if the text is none
   */
  static boolean parse(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }
}
