package dev.podidentity.schedule;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Ticks as a test's clock goes. */
public final class ClockTicker {
  private ClockTicker() {}

  public static Ticker of(InstantSource clock) {
    return () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
  }
}
