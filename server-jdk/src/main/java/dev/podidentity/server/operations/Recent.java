package dev.podidentity.server.operations;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a supplier gave a moment ago: however many ask, it works once in that time, and once at a
 * time. Thread-safe.
 */
final class Recent<T> implements Supplier<T> {
  private final Supplier<T> supplier;
  private final long nanos;
  private final LongSupplier ticker;

  @GuardedBy("this")
  private @Nullable T value;

  @GuardedBy("this")
  private long at;

  Recent(Supplier<T> supplier, Duration age, LongSupplier ticker) {
    this.supplier = supplier;
    this.nanos = age.toNanos();
    this.ticker = ticker;
  }

  @Override
  public synchronized T get() {
    T current = value;
    if (current == null || ticker.getAsLong() - at >= nanos) {
      current = supplier.get();
      value = current;
      at = ticker.getAsLong();
    }
    return current;
  }
}
