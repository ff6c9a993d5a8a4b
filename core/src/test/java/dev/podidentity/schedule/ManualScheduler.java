package dev.podidentity.schedule;

import dev.podidentity.local.MovableClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks when the test moves the time, each at exactly its time. What it moves is a clock, and
 * its own ticks beside it, which stay the same when the clock alone is set. Thread-safe.
 */
public final class ManualScheduler implements Scheduler, Ticker {
  private record Task(Duration at, long number, Runnable work) {}

  private final MovableClock clock;
  private final TreeSet<Task> tasks =
      new TreeSet<>(Comparator.comparing(Task::at).thenComparingLong(Task::number));
  private long count;
  private Duration elapsed = Duration.ZERO;

  public ManualScheduler(MovableClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Scheduled schedule(Runnable work, Duration delay) {
    var task = new Task(elapsed.plus(delay), count++, work);
    tasks.add(task);
    return () -> cancel(task);
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }

  public synchronized int pending() {
    return tasks.size();
  }

  @Override
  public synchronized long read() {
    return elapsed.toNanos();
  }

  public void advance(Duration duration) {
    Duration end;
    synchronized (this) {
      end = elapsed.plus(duration);
    }
    for (Task task = next(end); task != null; task = next(end)) {
      moveTo(task.at());
      task.work().run();
    }
    moveTo(end);
  }

  private synchronized @Nullable Task next(Duration end) {
    return tasks.isEmpty() || tasks.first().at().compareTo(end) > 0 ? null : tasks.pollFirst();
  }

  private synchronized void moveTo(Duration time) {
    Duration distance = time.minus(elapsed);
    if (!distance.isNegative()) {
      elapsed = time;
      clock.advance(distance);
    }
  }
}
