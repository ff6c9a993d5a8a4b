package dev.podidentity.audit;

/** Text that somebody else chose, made fit for a line of a log. */
final class LogText {
  private static final int MAX_LENGTH = 512;

  private LogText() {}

  /**
   * The text without anything that could end a line, move a cursor or hide what follows, and not
   * longer than a line should be.
   */
  static String of(String text) {
    var clean = new StringBuilder();
    text.codePoints()
        .limit(MAX_LENGTH)
        .forEach(c -> clean.appendCodePoint(isPrintable(c) ? c : '?'));
    return text.codePointCount(0, text.length()) > MAX_LENGTH ? clean + "..." : clean.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
