package dev.podidentity.imds;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** So many reads in any second, and no more. Thread-safe. */
final class ReadBudget {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final int perSecond;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Deque<Instant> recent = new ArrayDeque<>();

  ReadBudget(int perSecond) {
    this.perSecond = perSecond;
  }

  /** Whether there may be another read now, which then counts. */
  boolean take(Instant now) {
    synchronized (lock) {
      // A clock that was set back must not keep anybody from reading.
      recent.removeIf(read -> !read.plus(SECOND).isAfter(now) || read.isAfter(now));
      if (recent.size() >= perSecond) {
        return false;
      }
      recent.add(now);
      return true;
    }
  }
}
