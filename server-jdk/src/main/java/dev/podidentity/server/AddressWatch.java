package dev.podidentity.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.schedule.Scheduler;
import dev.podidentity.schedule.Scheduler.Scheduled;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks again and again, each time an interval after the last one, until closed. Thread-safe. */
final class AddressWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AddressWatch.class);

  private final Scheduler scheduler;
  private final Runnable atTheEnd;
  private final Duration interval;
  private final Runnable look;

  @GuardedBy("this")
  private @Nullable Scheduled next;

  @GuardedBy("this")
  private boolean closed;

  private AddressWatch(Scheduler scheduler, Runnable atTheEnd, Duration interval, Runnable look) {
    this.scheduler = scheduler;
    this.atTheEnd = atTheEnd;
    this.interval = interval;
    this.look = look;
  }

  /**
   * Begins to look, an interval from now.
   *
   * @param atTheEnd runs once this is closed
   */
  static AddressWatch start(
      Scheduler scheduler, Runnable atTheEnd, Duration interval, Runnable look) {
    var watch = new AddressWatch(scheduler, atTheEnd, interval, look);
    watch.schedule();
    return watch;
  }

  private synchronized void schedule() {
    if (!closed) {
      next = scheduler.schedule(this::run, interval);
    }
  }

  private void run() {
    try {
      look.run();
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("The agent's addresses could not be looked at");
    } finally {
      schedule();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
    atTheEnd.run();
  }
}
