package dev.podidentity.schedule;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Runs tasks later. The tasks that this library gives it are short and never block. Implementations
 * are thread-safe.
 */
@FunctionalInterface
public interface Scheduler {
  /**
   * Runs the task once, when the delay has passed.
   *
   * @param delay zero or more
   * @return takes the task back, if it has not run yet
   */
  Scheduled schedule(Runnable task, Duration delay);

  /** A task that was given to a scheduler. */
  @FunctionalInterface
  interface Scheduled {
    /** Takes the task back; does nothing once it has run or was taken back. */
    void cancel();
  }

  /** A scheduler on an executor of the JDK, which stays its owner's to shut down. */
  static Scheduler of(ScheduledExecutorService executor) {
    return new ExecutorScheduler(executor);
  }
}
