package dev.podidentity.http;

import java.io.IOException;

/** A reply that is not HTTP, or larger than it may be. */
public final class BadHttpException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String complaint;

  /**
   * A reply that cannot be used.
   *
   * @param complaint what is wrong, to be read behind "the reply"
   */
  public BadHttpException(String complaint) {
    super("the reply " + complaint);
    this.complaint = complaint;
  }

  /** What is wrong, to be read behind a subject such as "the reply". */
  public String complaint() {
    return complaint;
  }
}
