package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.limit.Permit;
import dev.podidentity.schedule.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
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

  private final CacheListener listener;
  private final Executor executor;
  private final Scheduler scheduler;
  private final LongAdder hits = new LongAdder();
  private final AtomicBoolean hitsAnnounced = new AtomicBoolean();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Queue<Consumer<CacheListener>> events = new ArrayDeque<>();

  /** What the one task that tells events at present goes by; null if there is none. */
  @GuardedBy("lock")
  private @Nullable Object dispatch;

  @GuardedBy("lock")
  private long lost;

  @GuardedBy("lock")
  private long lostInAll;

  ListenerDispatcher(CacheListener listener, Executor executor, Scheduler scheduler) {
    this.listener = listener;
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

  @SuppressWarnings("CatchingUnchecked") // without a thread, execute throws an OutOfMemoryError
  void tell(Consumer<CacheListener> event) {
    if (listener == CacheListener.NONE) {
      return;
    }
    var begun = new Object();
    synchronized (lock) {
      if (events.size() < CAPACITY) {
        events.add(event);
      } else {
        lost++;
        lostInAll++;
      }
      if (dispatch != null) {
        return;
      }
      dispatch = begun;
    }
    try {
      Permit.of(() -> end(begun)).handOver(executor, this::tellAll);
    } catch (Throwable e) {
      log.atDebug().setCause(e).log("Events are told later: the executor took no task");
    }
  }

  private void end(Object dispatched) {
    synchronized (lock) {
      if (dispatch == dispatched) {
        dispatch = null;
      }
    }
  }

  private void tellAll() {
    for (var event = next(); event != null; event = next()) {
      tellOne(event);
    }
  }

  private @Nullable Consumer<CacheListener> next() {
    synchronized (lock) {
      if (lost > 0) {
        long count = lost;
        lost = 0;
        return to -> to.lost(count);
      }
      if (events.isEmpty()) {
        dispatch = null;
      }
      return events.poll();
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
