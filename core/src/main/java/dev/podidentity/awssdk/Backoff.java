package dev.podidentity.awssdk;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Exponential backoff with full jitter: anything from the least delay to a doubling limit. */
final class Backoff {
  private static final int MAX_DOUBLINGS = 20;

  private final Duration least;
  private final Duration first;
  private final Duration cap;
  private final DoubleSupplier random;

  /**
   * A backoff.
   *
   * @param least no delay is shorter
   * @param first the limit of the first delay
   * @param cap what the limit grows to
   * @param random uniform from 0 to 1
   */
  Backoff(Duration least, Duration first, Duration cap, DoubleSupplier random) {
    this.least = least;
    this.first = first;
    this.cap = cap;
    this.random = random;
  }

  /** As long as somebody asks to wait, within the cap, or as long as the delay. */
  Duration atLeast(Duration asked, Duration delay) {
    Duration capped = asked.compareTo(cap) < 0 ? asked : cap;
    return delay.compareTo(capped) < 0 ? capped : delay;
  }

  Duration delay(int failures) {
    Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    Duration limit = doubled.compareTo(cap) < 0 ? doubled : cap;
    var delay = Duration.ofNanos((long) (limit.toNanos() * random.getAsDouble()));
    return delay.compareTo(least) < 0 ? least : delay;
  }
}
