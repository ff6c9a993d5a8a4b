package dev.podidentity.token;

import org.jspecify.annotations.Nullable;

/** The keys to verify a token with cannot be had now: nothing is known of the token. */
public final class KeysUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Keys that cannot be had, and why. */
  public KeysUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
