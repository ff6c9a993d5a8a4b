package dev.podidentity.client;

/** A token as it was read, white space included, and where. Prints as its origin alone. */
public final class TokenText {
  private final String text;
  private final String origin;

  /**
   * What was read.
   *
   * @param origin where, as the subject of a message
   */
  TokenText(String text, String origin) {
    this.text = text;
    this.origin = origin;
  }

  /** The text: a secret. */
  public String text() {
    return text;
  }

  /** Where it was read, as the subject of a message. */
  public String origin() {
    return origin;
  }

  @Override
  public String toString() {
    return "TokenText[" + origin + "]";
  }
}
