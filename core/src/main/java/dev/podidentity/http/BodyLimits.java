package dev.podidentity.http;

/**
 * The longest bodies that are read, in bytes.
 *
 * @param max of a reply with status 200
 * @param maxOfError of any other; 0 leaves it unread
 */
public record BodyLimits(int max, int maxOfError) {
  /** Bodies up to this, and none of an error. */
  public static BodyLimits withoutErrors(int max) {
    return new BodyLimits(max, 0);
  }
}
