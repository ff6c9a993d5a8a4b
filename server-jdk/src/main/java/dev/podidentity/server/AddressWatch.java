package dev.podidentity.server;

import dev.podidentity.schedule.Scheduler;
import dev.podidentity.schedule.Scheduler.Scheduled;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again, each time an interval after the last one, until closed. If the scheduler
 * takes no task, {@link #ensureScheduled} tries again. Thread-safe.
 */
final class AddressWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AddressWatch.class);

  private final Scheduler scheduler;
  private final Runnable atTheEnd;
  private final Duration interval;
  private final Runnable look;

  // No lock, since the scheduler may be foreign code. Each side writes its own field and then reads
  // the other's: either close() sees what was scheduled last, or schedule() sees that this is
  // closed.
  private volatile @Nullable Scheduled next;

  private final AtomicBoolean stopped = new AtomicBoolean();
  private volatile boolean closed;

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

  @SuppressWarnings("CatchingUnchecked") // without a thread, schedule throws an OutOfMemoryError
  private void schedule() {
    if (closed) {
      return;
    }
    try {
      Scheduled scheduled = scheduler.schedule(this::run, interval);
      next = scheduled;
      if (closed) {
        scheduled.cancel();
      }
    } catch (Throwable e) {
      stopped.set(true);
      // A scheduler that ends with this watch may have ended first.
      if (!closed) {
        log.atWarn()
            .addKeyValue("cause", e.toString())
            .log("The agent's addresses are not watched for now: the scheduler took no task");
      }
    }
  }

  /** Goes on if the scheduler took no task the last time. Probes call this every few seconds. */
  void ensureScheduled() {
    if (stopped.compareAndSet(true, false)) {
      schedule();
    }
  }

  @SuppressWarnings("CatchingUnchecked") // the next look may find the node in better shape
  private void run() {
    try {
      look.run();
    } catch (Throwable e) {
      log.atWarn().setCause(e).log("The agent's addresses could not be looked at");
    } finally {
      schedule();
    }
  }

  @Override
  public void close() {
    closed = true;
    Scheduled last = next;
    if (last != null) {
      last.cancel();
    }
    atTheEnd.run();
  }
}
