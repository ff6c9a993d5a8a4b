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
    if (isPlain(text)) {
      return text;
    }
    var clean = new StringBuilder();
    text.codePoints()
        .limit(MAX_LENGTH)
        .forEach(c -> clean.appendCodePoint(isPrintable(c) ? c : '?'));
    return text.codePointCount(0, text.length()) > MAX_LENGTH ? clean + "..." : clean.toString();
  }

  /** Whether there is nothing to see to: most of what is written are names and UIDs. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return false;
      }
    }
    return text.length() <= MAX_LENGTH;
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
