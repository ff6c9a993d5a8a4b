package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.limit.Permit;
import dev.podidentity.schedule.Scheduler;
import dev.podidentity.schedule.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells the listener what happens, one event after the other, on the executor: the thread that
 * causes an event goes on at once, whatever listener, executor and scheduler do. Thread-safe.
 */
final class ListenerDispatcher {
  private static final Logger log = LoggerFactory.getLogger(ListenerDispatcher.class);
  static final int CAPACITY = 4096;
  static final Duration HIT_DELAY = Duration.ofSeconds(1);

  /** What is not told by then has lost its thread or its timer: 30 s. */
  static final Duration MAX_DELAY = Duration.ofSeconds(30);

  private final CacheListener listener;
  private final Executor executor;
  private final Scheduler scheduler;
  private final Ticker ticker;
  private volatile long hitsAnnouncedAt;
  private final LongAdder hits = new LongAdder();
  private final AtomicBoolean hitsAnnounced = new AtomicBoolean();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Queue<Event> events = new ArrayDeque<>();

  /** The one task that tells events at present; null if there is none. */
  @GuardedBy("lock")
  private @Nullable Dispatch dispatch;

  /** Since when the event has waited, by the ticker, that is being told or is next. */
  @GuardedBy("lock")
  private long waitingSince;

  @GuardedBy("lock")
  private long lost;

  @GuardedBy("lock")
  private long lostInAll;

  /**
   * An event.
   *
   * @param at when it happened, by the ticker
   */
  private record Event(Consumer<CacheListener> what, long at) {}

  /** A task for the executor; once it was taken away, it tells nothing any more. */
  private static final class Dispatch {
    private boolean begun;
  }

  ListenerDispatcher(
      CacheListener listener, Executor executor, Scheduler scheduler, Ticker ticker) {
    this.listener = listener;
    this.ticker = ticker;
    this.executor = executor;
    this.scheduler = scheduler;
  }

  @SuppressWarnings("CatchingUnchecked") // no request fails because its hit cannot be told
  void hit() {
    if (listener == CacheListener.NONE) {
      return;
    }
    hits.increment();
    if (!hitsAnnounced.get() && hitsAnnounced.compareAndSet(false, true)) {
      hitsAnnouncedAt = ticker.read();
      try {
        var unused = scheduler.schedule(this::tellHits, HIT_DELAY);
      } catch (Throwable e) {
        hitsAnnounced.set(false);
        log.atWarn().setCause(e).log("Hits are told later: the scheduler took no task");
      }
    }
  }

  void tellHits() {
    hitsAnnounced.set(false);
    long count = hits.sumThenReset();
    if (count > 0) {
      tell(to -> to.hits(count));
    }
  }

  void tell(Consumer<CacheListener> event) {
    if (listener == CacheListener.NONE) {
      return;
    }
    var added = new Event(event, ticker.read());
    var begun = new Dispatch();
    synchronized (lock) {
      if (events.size() < CAPACITY) {
        events.add(added);
      } else {
        lost++;
        lostInAll++;
      }
      if (dispatch != null) {
        return;
      }
      dispatch = begun;
      waitingSince = Objects.requireNonNull(events.peek()).at();
    }
    submit(begun);
  }

  @SuppressWarnings("CatchingUnchecked") // without a thread, execute throws an OutOfMemoryError
  private void submit(Dispatch next) {
    try {
      Permit.of(() -> end(next)).handOver(executor, () -> tellAll(next));
    } catch (Throwable e) {
      log.atDebug().setCause(e).log("Events are told later: the executor took no task");
    }
  }

  /** Tells what a task that was lost, or a scheduler that takes none, has left untold. */
  void tellOverdue() {
    long now = ticker.read();
    if (hitsAnnounced.get() && now - hitsAnnouncedAt >= MAX_DELAY.toNanos()) {
      tellHits();
    }
    var next = new Dispatch();
    synchronized (lock) {
      boolean late = !events.isEmpty() && now - waitingSince >= MAX_DELAY.toNanos();
      if (!late || (dispatch != null && dispatch.begun)) {
        return;
      }
      dispatch = next;
    }
    submit(next);
  }

  /** For how long the event has waited that is being told or is next; zero without one. */
  Duration delay() {
    long now = ticker.read();
    synchronized (lock) {
      return events.isEmpty() && dispatch == null
          ? Duration.ZERO
          : Duration.ofNanos(Math.max(0, now - waitingSince));
    }
  }

  private void end(Dispatch dispatched) {
    synchronized (lock) {
      if (dispatch == dispatched) {
        dispatch = null;
      }
    }
  }

  private void tellAll(Dispatch own) {
    for (var event = next(own); event != null; event = next(own)) {
      tellOne(event);
    }
  }

  private @Nullable Consumer<CacheListener> next(Dispatch own) {
    synchronized (lock) {
      if (dispatch != own) {
        return null;
      }
      own.begun = true;
      if (lost > 0) {
        long count = lost;
        lost = 0;
        return to -> to.lost(count);
      }
      Event event = events.poll();
      if (event == null) {
        dispatch = null;
        return null;
      }
      waitingSince = event.at();
      return event.what();
    }
  }

  @SuppressWarnings("CatchingUnchecked") // the events behind it are to be told all the same
  private void tellOne(Consumer<CacheListener> event) {
    try {
      event.accept(listener);
    } catch (Throwable e) {
      // A listener that always fails would fill the log.
      Level level = failed.getAndSet(true) ? Level.DEBUG : Level.WARN;
      log.atLevel(level).setCause(e).log("A cache listener failed; told once");
    }
  }

  long lost() {
    synchronized (lock) {
      return lostInAll;
    }
  }
}
