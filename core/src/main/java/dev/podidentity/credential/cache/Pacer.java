package dev.podidentity.credential.cache;

import java.time.Duration;

/**
 * When the next renewal may begin: evenly spaced, and after a pause and more slowly while the
 * source throttles. Every throttling in a row doubles the pause and slows down further; a number of
 * successes in a row takes one such step back. Times are nanoseconds of a ticker. Not thread-safe.
 */
final class Pacer {
  static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  static final int SUCCESSES_A_STEP = 10;

  private static final int MAX_STEPS = 10;
  private static final long NANOS_A_SECOND = 1_000_000_000L;

  private final long interval;
  private final Duration maxPause;
  private long next;
  private long pausedUntil;
  private int steps;
  private int successes;

  Pacer(int perSecond, Duration maxPause, long now) {
    // Rounded up: never more than was allowed.
    this.interval = (NANOS_A_SECOND + perSecond - 1) / perSecond;
    this.maxPause = maxPause;
    this.next = now;
    this.pausedUntil = now;
  }

  /** How long until the next renewal may begin; zero if it may begin now. */
  Duration untilNext(long now) {
    return Duration.ofNanos(Math.max(0, Math.max(next - now, pausedUntil - now)));
  }

  /** How long the pause that throttling began goes on; zero without one. */
  Duration untilPauseEnds(long now) {
    return Duration.ofNanos(Math.max(0, pausedUntil - now));
  }

  /** A renewal begins. */
  void begin(long now) {
    next = now + interval * (1 + steps);
  }

  /**
   * The source throttled.
   *
   * @param chance from 0 to 1, shortens the pause by up to a half
   * @return the pause that begins, zero if one is going on
   */
  Duration throttle(long now, double chance) {
    successes = 0;
    if (pausedUntil - now > 0) {
      return Duration.ZERO;
    }
    Duration full = FIRST_PAUSE.multipliedBy(1L << steps);
    long nanos = (full.compareTo(maxPause) < 0 ? full : maxPause).toNanos();
    var pause = Duration.ofNanos((long) (nanos * (1 - chance / 2)));
    steps = Math.min(steps + 1, MAX_STEPS);
    pausedUntil = now + pause.toNanos();
    return pause;
  }

  /** The source answered a renewal. */
  void succeed() {
    if (steps > 0 && ++successes == SUCCESSES_A_STEP) {
      steps--;
      successes = 0;
    }
  }
}
