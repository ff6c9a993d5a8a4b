package dev.podidentity.local;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock in UTC that stands still until it is moved. Thread-safe. */
public final class MovableClock extends Clock {
  private volatile Instant now;

  private MovableClock(Instant start) {
    now = requireNonNull(start, "start");
  }

  /** A clock that shows this time. */
  public static MovableClock startingAt(Instant start) {
    return new MovableClock(start);
  }

  /** Moves the clock; backwards, if the duration is negative. */
  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    InstantSource moving = () -> now;
    return moving.withZone(zone);
  }
}
