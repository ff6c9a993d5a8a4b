package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.schedule.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Stands between the cache and its listener: whoever causes an event goes on at once, whatever the
 * listener does. Thread-safe.
 */
final class ListenerRelay {
  private static final Logger log = LoggerFactory.getLogger(ListenerRelay.class);
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

  @GuardedBy("lock")
  private boolean telling;

  @GuardedBy("lock")
  private long lost;

  @GuardedBy("lock")
  private long lostInAll;

  ListenerRelay(CacheListener listener, Executor executor, Scheduler scheduler) {
    this.listener = listener;
    this.executor = executor;
    this.scheduler = scheduler;
  }

  void hit() {
    if (listener == CacheListener.NONE) {
      return;
    }
    hits.increment();
    if (!hitsAnnounced.get() && hitsAnnounced.compareAndSet(false, true)) {
      scheduler.schedule(this::tellHits, HIT_DELAY);
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
    synchronized (lock) {
      if (events.size() < CAPACITY) {
        events.add(event);
      } else {
        lost++;
        lostInAll++;
      }
      if (telling) {
        return;
      }
      telling = true;
    }
    try {
      executor.execute(this::tellAll);
    } catch (RejectedExecutionException e) {
      synchronized (lock) {
        telling = false;
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
      telling = !events.isEmpty();
      return events.poll();
    }
  }

  // An error that escaped here would end the telling for good.
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
