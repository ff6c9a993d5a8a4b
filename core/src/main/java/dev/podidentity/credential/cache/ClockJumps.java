package dev.podidentity.credential.cache;

import dev.podidentity.schedule.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds out that the clock went another way than the ticker: it was set, or the machine was
 * suspended, during which the ticker stands still. Thread-safe.
 */
final class ClockJumps {
  /** Less than this is no jump: 30 s. */
  static final Duration LEAST = Duration.ofSeconds(30);

  private final Clock clock;
  private final Ticker ticker;
  private final AtomicLong difference;

  ClockJumps(Clock clock, Ticker ticker) {
    this.clock = clock;
    this.ticker = ticker;
    this.difference = new AtomicLong(differenceNow());
  }

  private long differenceNow() {
    return clock.millis() - TimeUnit.NANOSECONDS.toMillis(ticker.read());
  }

  /** How far the clock has jumped since the last jump was seen; zero if it has not. */
  Duration look() {
    long now = differenceNow();
    long jump = now - difference.get();
    if (Math.abs(jump) < LEAST.toMillis()) {
      return Duration.ZERO;
    }
    difference.set(now);
    return Duration.ofMillis(jump);
  }
}
