package dev.podidentity.local;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock in UTC that can be moved. Thread-safe. */
public final class MovableClock extends Clock {
  private final InstantSource base;
  private volatile Duration moved = Duration.ZERO;

  private MovableClock(InstantSource base) {
    this.base = base;
  }

  /** A clock that shows this time, and stands still but for being moved. */
  public static MovableClock startingAt(Instant start) {
    requireNonNull(start, "start");
    return new MovableClock(() -> start);
  }

  /** A clock that goes as another one does, and can be moved against it. */
  public static MovableClock over(InstantSource base) {
    return new MovableClock(requireNonNull(base, "base"));
  }

  /** Moves the clock; backwards, if the duration is negative. */
  public synchronized void advance(Duration duration) {
    moved = moved.plus(duration);
  }

  @Override
  public Instant instant() {
    return base.instant().plus(moved);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    InstantSource moving = () -> base.instant().plus(moved);
    return moving.withZone(zone);
  }
}
