package dev.podidentity.examples.nodeagent;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does something at once and then again and again, on a thread of its own. */
final class Repeated implements AutoCloseable {
  private final ScheduledExecutorService thread;

  private Repeated(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  /**
   * Begins.
   *
   * @param name the thread's
   * @param task must not throw
   */
  static Repeated every(Duration interval, String name, Runnable task) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            runnable -> {
              var daemon = new Thread(runnable, name);
              daemon.setDaemon(true);
              return daemon;
            });
    var unused = thread.scheduleWithFixedDelay(task, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    return new Repeated(thread);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
