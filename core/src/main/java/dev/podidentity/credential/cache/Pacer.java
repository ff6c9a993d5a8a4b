package dev.podidentity.credential.cache;

import java.time.Duration;
import java.time.Instant;

/**
 * When the next renewal may begin: evenly spaced, and after a pause and more slowly while the
 * source throttles. Every throttling in a row doubles the pause and slows down further; a number of
 * successes in a row takes one such step back. Not thread-safe.
 */
final class Pacer {
  static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  static final int SUCCESSES_A_STEP = 10;

  private static final int MAX_STEPS = 10;
  private static final long NANOS_A_SECOND = 1_000_000_000L;

  private final Duration interval;
  private final Duration maxPause;
  private Instant next = Instant.MIN;
  private Instant pausedUntil = Instant.MIN;
  private int steps;
  private int successes;

  Pacer(int perSecond, Duration maxPause) {
    // Rounded up: never more than was allowed.
    this.interval = Duration.ofNanos((NANOS_A_SECOND + perSecond - 1) / perSecond);
    this.maxPause = maxPause;
  }

  /** How long until the next renewal may begin; zero if it may begin now. */
  Duration untilNext(Instant now) {
    Duration spaced = until(next, now, interval.multipliedBy(1 + MAX_STEPS));
    Duration paused = until(pausedUntil, now, maxPause);
    return spaced.compareTo(paused) > 0 ? spaced : paused;
  }

  // A wait that is longer than any that begins here is left of a clock that was set back.
  private static Duration until(Instant then, Instant now, Duration longest) {
    boolean waits = then.isAfter(now) && !then.isAfter(now.plus(longest));
    return waits ? Duration.between(now, then) : Duration.ZERO;
  }

  /** When the pause that the last throttling began is over; long ago if there was none. */
  Instant pausedUntil() {
    return pausedUntil;
  }

  /** A renewal begins. */
  void begin(Instant now) {
    next = now.plus(interval.multipliedBy(1 + steps));
  }

  /**
   * The source throttled.
   *
   * @param chance from 0 to 1, shortens the pause by up to a half
   * @return the pause that begins, zero if one is going on
   */
  Duration throttle(Instant now, double chance) {
    successes = 0;
    if (!until(pausedUntil, now, maxPause).isZero()) {
      return Duration.ZERO;
    }
    Duration full = FIRST_PAUSE.multipliedBy(1L << steps);
    long nanos = (full.compareTo(maxPause) < 0 ? full : maxPause).toNanos();
    var pause = Duration.ofNanos((long) (nanos * (1 - chance / 2)));
    steps = Math.min(steps + 1, MAX_STEPS);
    pausedUntil = now.plus(pause);
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
