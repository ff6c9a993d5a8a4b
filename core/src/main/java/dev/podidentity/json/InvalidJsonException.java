package dev.podidentity.json;

/** Text that is not what {@link StrictJson} reads. The message never shows the text. */
public final class InvalidJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidJsonException(String message) {
    super(message);
  }
}
