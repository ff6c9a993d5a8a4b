package dev.podidentity.server;

import dev.podidentity.schedule.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs what is due when a test says so. Not thread-safe. */
public final class HandCrankedScheduler implements Scheduler {
  private final List<Runnable> tasks = new ArrayList<>();

  private int failures;

  /** Nothing waits yet. */
  public HandCrankedScheduler() {}

  @Override
  public Scheduled schedule(Runnable task, Duration delay) {
    if (failures > 0) {
      failures--;
      throw new OutOfMemoryError("unable to create native thread: for a test");
    }
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  /** Takes none of the next tasks. */
  void failNext(int times) {
    failures = times;
  }

  /** Runs all tasks that wait now, and not those that they schedule. */
  public void turn() {
    List<Runnable> due = List.copyOf(tasks);
    tasks.clear();
    due.forEach(Runnable::run);
  }

  int waiting() {
    return tasks.size();
  }
}
