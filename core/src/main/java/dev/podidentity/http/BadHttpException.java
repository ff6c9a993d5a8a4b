package dev.podidentity.client;

import java.io.IOException;

/** An answer that no agent gives: not HTTP, or larger than credentials can be. */
public final class BadHttpException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The message continues "The answer of the agent". */
  public BadHttpException(String message) {
    super(message);
  }
}
