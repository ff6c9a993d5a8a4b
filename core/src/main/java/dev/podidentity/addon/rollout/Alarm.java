package dev.podidentity.addon.rollout;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.schedule.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One thing to do later, whose time may change. Thread-safe. */
final class Alarm {
  private final Scheduler scheduler;
  private final Runnable task;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private Scheduler.@Nullable Scheduled scheduled;

  @GuardedBy("lock")
  private @Nullable Instant at;

  @GuardedBy("lock")
  private long number;

  Alarm(Scheduler scheduler, Runnable task) {
    this.scheduler = scheduler;
    this.task = task;
  }

  /** What sets the alarm to a time, or to none; an earlier setting never wins over a later one. */
  Runnable at(Optional<Instant> time, Instant now) {
    long mine;
    synchronized (lock) {
      mine = ++number;
    }
    return () -> set(mine, time.orElse(null), now);
  }

  private void set(long mine, @Nullable Instant time, Instant now) {
    Scheduler.Scheduled old;
    synchronized (lock) {
      if (mine != number || (time != null && time.equals(at))) {
        return;
      }
      old = scheduled;
      scheduled = null;
      at = time;
    }
    if (old != null) {
      old.cancel();
    }
    if (time != null) {
      schedule(mine, time, now);
    }
  }

  private void schedule(long mine, Instant time, Instant now) {
    Duration delay = Duration.between(now, time);
    Scheduler.Scheduled fresh = null;
    try {
      fresh = scheduler.schedule(() -> ring(time), delay.isNegative() ? Duration.ZERO : delay);
    } finally {
      if (fresh == null) {
        forget(mine);
      }
    }
    synchronized (lock) {
      if (mine == number || time.equals(at)) {
        scheduled = fresh;
        return;
      }
    }
    fresh.cancel();
  }

  // Otherwise the same time would count as set already.
  private void forget(long mine) {
    synchronized (lock) {
      at = mine == number ? null : at;
    }
  }

  private void ring(Instant time) {
    synchronized (lock) {
      if (!time.equals(at)) {
        return;
      }
      at = null;
      scheduled = null;
    }
    task.run();
  }

  void cancel() {
    at(Optional.empty(), Instant.MIN).run();
  }
}
