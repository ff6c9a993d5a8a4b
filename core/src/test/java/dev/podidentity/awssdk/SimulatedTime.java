package dev.podidentity.awssdk;

import dev.podidentity.local.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Time that passes when somebody pauses, and only then. */
final class SimulatedTime implements Ticker {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final MovableClock clock;
  private final List<Duration> pauses = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private volatile Consumer<Duration> onPause = pause -> {};

  SimulatedTime() {
    this(START);
  }

  SimulatedTime(Instant start) {
    this.clock = MovableClock.startingAt(start);
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public Sleeper sleeper() {
    return new SimulatedSleeper();
  }

  private final class SimulatedSleeper implements Sleeper {
    private volatile boolean closed;

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      if (closed) {
        throw new InterruptedException("closed");
      }
      pauses.add(duration);
      pass(duration);
      onPause.accept(duration);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  void pass(Duration duration) {
    clock.advance(duration);
    nanos.addAndGet(duration.toNanos());
  }

  /** Somebody sets the clock: no time passes. */
  void setClock(Duration forward) {
    clock.advance(forward);
  }

  void onPause(Consumer<Duration> action) {
    onPause = action;
  }

  List<Duration> pauses() {
    return pauses;
  }
}
