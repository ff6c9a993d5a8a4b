package dev.podidentity.http;

/**
 * How much of a body is read.
 *
 * @param max the longest body that is taken, in bytes
 * @param ofErrors what becomes of the body of a status other than 200
 */
public record BodyLimits(int max, OfErrors ofErrors) {
  /** What becomes of the body of an error. */
  public enum OfErrors {
    /** It is left alone: the status says enough. */
    UNREAD,
    /** It is read, and the status is known without it where that fails. */
    IF_WHOLE,
    /** It is read, and the request fails where that fails. */
    WHOLE
  }

  /** Bodies up to this, and none of an error. */
  public static BodyLimits withoutErrors(int max) {
    return new BodyLimits(max, OfErrors.UNREAD);
  }
}
