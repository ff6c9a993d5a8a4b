package dev.podidentity.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The JDK's scheduled executors as a scheduler. */
final class ExecutorScheduler implements Scheduler {
  /** Longer than any process lives; 292 years are more nanoseconds than can be counted. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final ScheduledExecutorService executor;

  ExecutorScheduler(ScheduledExecutorService executor) {
    this.executor = requireNonNull(executor, "executor");
  }

  @Override
  public Scheduled schedule(Runnable task, Duration delay) {
    try {
      Duration wait = delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
      Future<?> future = executor.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      // Its owner has shut it down, and with it whatever the task was for.
      return () -> {};
    }
  }
}
