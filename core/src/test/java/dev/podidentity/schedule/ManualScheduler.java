package dev.podidentity.schedule;

import dev.podidentity.local.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Runs tasks when the test moves the time, each at exactly its time. Thread-safe. */
public final class ManualScheduler implements Scheduler {
  private record Task(Instant at, long number, Runnable work) {}

  private final MovableClock clock;
  private final TreeSet<Task> tasks =
      new TreeSet<>(Comparator.comparing(Task::at).thenComparingLong(Task::number));
  private long count;

  public ManualScheduler(MovableClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Scheduled schedule(Runnable work, Duration delay) {
    var task = new Task(clock.instant().plus(delay), count++, work);
    tasks.add(task);
    return () -> cancel(task);
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }

  public synchronized int pending() {
    return tasks.size();
  }

  public void advance(Duration duration) {
    advanceTo(clock.instant().plus(duration));
  }

  public void advanceTo(Instant end) {
    for (Task task = next(end); task != null; task = next(end)) {
      moveTo(task.at());
      task.work().run();
    }
    moveTo(end);
  }

  private synchronized @Nullable Task next(Instant end) {
    return tasks.isEmpty() || tasks.first().at().isAfter(end) ? null : tasks.pollFirst();
  }

  private void moveTo(Instant time) {
    Duration distance = Duration.between(clock.instant(), time);
    if (!distance.isNegative()) {
      clock.advance(distance);
    }
  }
}
