package dev.podidentity.examples.nodeagent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How fetches of credentials ended. Thread-safe. */
final class Fetches {
  private final AtomicInteger succeeded = new AtomicInteger();
  private final AtomicLong slowestMillis = new AtomicLong();
  private final List<String> failures = new CopyOnWriteArrayList<>();

  void count(Runnable fetch) {
    long start = System.nanoTime();
    try {
      fetch.run();
      succeeded.incrementAndGet();
    } catch (RuntimeException e) {
      failures.add(e.toString());
    } finally {
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      slowestMillis.accumulateAndGet(took, Math::max);
    }
  }

  int succeeded() {
    return succeeded.get();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public String toString() {
    return "%d fetches, %d failures, the slowest took %d ms"
        .formatted(succeeded.get() + failures.size(), failures.size(), slowestMillis.get());
  }
}
