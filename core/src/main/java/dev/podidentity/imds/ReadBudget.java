package dev.podidentity.imds;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** So many reads in any second, and no more. Thread-safe. */
final class ReadBudget {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final int perSecond;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Deque<Long> recent = new ArrayDeque<>();

  ReadBudget(int perSecond) {
    this.perSecond = perSecond;
  }

  /** Whether there may be another read now, by the ticker, which then counts. */
  boolean take(long now) {
    synchronized (lock) {
      recent.removeIf(read -> now - read >= SECOND.toNanos());
      if (recent.size() >= perSecond) {
        return false;
      }
      recent.add(now);
      return true;
    }
  }
}
