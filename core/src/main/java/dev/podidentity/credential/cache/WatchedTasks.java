package dev.podidentity.credential.cache;

import dev.podidentity.limit.Permit;
import dev.podidentity.schedule.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tasks that an executor was given together with the permit that they need. A task gives its permit
 * back when it ends; {@link #giveUpOverdue} takes back the permits of tasks that do not.
 * Thread-safe.
 */
final class WatchedTasks {
  private final Executor executor;
  private final Ticker ticker;
  private final int maxAbandoned;
  private final Set<Task> tasks = ConcurrentHashMap.newKeySet();
  private final AtomicInteger abandoned = new AtomicInteger();

  private enum State {
    SUBMITTED,
    RUNNING,
    /** Its permit was taken back before it ran: it does not run any more. */
    LOST,
    /** Its permit was taken back while it ran. */
    ABANDONED,
    ENDED
  }

  /**
   * Tasks for an executor.
   *
   * @param maxAbandoned how many tasks may run without a permit at most: each keeps a thread
   */
  WatchedTasks(Executor executor, Ticker ticker, int maxAbandoned) {
    this.executor = executor;
    this.ticker = ticker;
    this.maxAbandoned = maxAbandoned;
  }

  /** As {@link Permit#handOver}. */
  void handOver(Permit permit, Runnable work) {
    var task = new Task(permit, work);
    tasks.add(task);
    boolean submitted = false;
    try {
      permit.handOver(executor, task);
      submitted = true;
    } finally {
      if (!submitted) {
        tasks.remove(task);
      }
    }
  }

  /** How many have waited for their thread, or run, for longer than this. */
  int overdue(Duration budget) {
    long now = ticker.read();
    return Math.toIntExact(tasks.stream().filter(task -> task.isOverdue(now, budget)).count());
  }

  /**
   * Takes back the permits of tasks that are overdue: of those that never got a thread, and, as far
   * as they may be abandoned, of those that still run.
   *
   * @return whether there was one
   */
  boolean giveUpOverdue(Duration budget) {
    long now = ticker.read();
    boolean any = false;
    for (Task task : tasks) {
      any |= task.isOverdue(now, budget) && task.giveUp();
    }
    return any;
  }

  private final class Task implements Runnable {
    private final Permit permit;
    private final Runnable work;
    private final AtomicReference<State> state = new AtomicReference<>(State.SUBMITTED);
    private volatile long since = ticker.read();

    Task(Permit permit, Runnable work) {
      this.permit = permit;
      this.work = work;
    }

    @Override
    public void run() {
      since = ticker.read();
      if (!state.compareAndSet(State.SUBMITTED, State.RUNNING)) {
        return;
      }
      try {
        work.run();
      } finally {
        tasks.remove(this);
        if (state.getAndSet(State.ENDED) == State.ABANDONED) {
          abandoned.decrementAndGet();
        }
      }
    }

    boolean isOverdue(long now, Duration budget) {
      return now - since >= budget.toNanos();
    }

    boolean giveUp() {
      if (state.compareAndSet(State.SUBMITTED, State.LOST)) {
        tasks.remove(this);
        permit.close();
        return true;
      }
      return abandon();
    }

    private boolean abandon() {
      int before = abandoned.getAndUpdate(count -> count < maxAbandoned ? count + 1 : count);
      if (before >= maxAbandoned) {
        return false;
      }
      if (!state.compareAndSet(State.RUNNING, State.ABANDONED)) {
        abandoned.decrementAndGet();
        return false;
      }
      permit.close();
      return true;
    }
  }
}
