package dev.podidentity;

import java.time.Duration;
import java.time.Instant;

/**
 * Lets a burst through, and then a rate. Starts full. Time that goes backwards fills nothing, and
 * goes on from there. Not thread-safe.
 */
final class TokenBucket {
  private static final double NANOS_A_SECOND = 1e9;

  private final int rate;
  private final int burst;
  private double permits;
  private Instant filledAt;

  TokenBucket(int rate, int burst, Instant now) {
    this.rate = rate;
    this.burst = burst;
    this.permits = burst;
    this.filledAt = now;
  }

  /** Takes one permit; zero if there was one, else how long until there is. */
  Duration take(Instant now) {
    if (now.isAfter(filledAt)) {
      double seconds = Duration.between(filledAt, now).toNanos() / NANOS_A_SECOND;
      permits = Math.min(burst, permits + seconds * rate);
    }
    filledAt = now;
    if (permits >= 1) {
      permits--;
      return Duration.ZERO;
    }
    return Duration.ofNanos((long) Math.ceil((1 - permits) / rate * NANOS_A_SECOND));
  }
}
