package dev.podidentity.server.operations;

import dev.podidentity.schedule.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a supplier returned for a while, and calls it once at a time. The first caller after
 * that while runs the supplier, and those that come meanwhile wait for its result. No lock is held
 * while the supplier runs: it may wait for sockets. A failure is not kept. Thread-safe.
 */
final class Memoized<T> implements Supplier<T> {
  private final Supplier<T> supplier;
  private final long nanos;
  private final Ticker ticker;
  private final AtomicReference<@Nullable Computation> latest = new AtomicReference<>();

  /** One call of the supplier. */
  private final class Computation {
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /** Read once there is a result. */
    private volatile long completedAt;

    boolean isOver() {
      return result.isCompletedExceptionally()
          || (result.isDone() && ticker.read() - completedAt >= nanos);
    }

    // Those that wait end whatever the supplier throws.
    @SuppressWarnings("CatchingUnchecked")
    void run() {
      try {
        T value = supplier.get();
        completedAt = ticker.read();
        result.complete(value);
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    }
  }

  Memoized(Supplier<T> supplier, Duration age, Ticker ticker) {
    this.supplier = supplier;
    this.nanos = age.toNanos();
    this.ticker = ticker;
  }

  @Override
  public T get() {
    Computation present = latest.get();
    while (present == null || present.isOver()) {
      var next = new Computation();
      if (latest.compareAndSet(present, next)) {
        next.run();
        return next.result.join();
      }
      present = latest.get();
    }
    return present.result.join();
  }
}
