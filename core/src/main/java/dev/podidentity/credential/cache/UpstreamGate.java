package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets a bounded number of flights call the source at once. What has to wait waits in two queues:
 * somebody wants a miss now, while a renewal comes well ahead. Thread-safe.
 */
final class UpstreamGate {
  private final Executor executor;
  private final int maxRunning;
  private final int maxMisses;
  private final Consumer<Flight> call;
  private final Consumer<Flight> reject;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Deque<Flight> misses = new ArrayDeque<>();

  @GuardedBy("lock")
  private final Deque<Flight> renewals = new ArrayDeque<>();

  @GuardedBy("lock")
  private int running;

  /**
   * A gate.
   *
   * @param call calls the source for a flight, and never throws
   * @param reject ends a flight that cannot be let through
   */
  UpstreamGate(
      Executor executor, CacheSettings settings, Consumer<Flight> call, Consumer<Flight> reject) {
    this.executor = executor;
    this.maxRunning = settings.maxConcurrentCalls();
    this.maxMisses = settings.maxQueuedCalls();
    this.call = call;
    this.reject = reject;
  }

  void submitMiss(Flight flight) {
    boolean runs;
    boolean waits = false;
    synchronized (lock) {
      runs = occupy();
      if (!runs && misses.size() < maxMisses) {
        waits = misses.add(flight);
      }
    }
    if (runs) {
      run(flight);
    } else if (!waits) {
      reject.accept(flight);
    }
  }

  void submitRenewal(Flight flight) {
    boolean runs;
    synchronized (lock) {
      runs = occupy();
      if (!runs) {
        renewals.add(flight);
      }
    }
    if (runs) {
      run(flight);
    }
  }

  /** Somebody waits for this renewal now: it goes with the misses, if there is room. */
  void promote(Flight flight) {
    synchronized (lock) {
      if (misses.size() < maxMisses && renewals.remove(flight)) {
        misses.add(flight);
      }
    }
  }

  @GuardedBy("lock")
  private boolean occupy() {
    boolean free = running < maxRunning;
    if (free) {
      running++;
    }
    return free;
  }

  private void run(Flight flight) {
    try {
      executor.execute(
          () -> {
            call.accept(flight);
            letNextThrough();
          });
    } catch (RejectedExecutionException e) {
      reject.accept(flight);
      letNextThrough();
    }
  }

  private void letNextThrough() {
    Flight next = next();
    if (next != null) {
      run(next);
    }
  }

  private @Nullable Flight next() {
    synchronized (lock) {
      Flight miss = misses.poll();
      Flight next = miss != null ? miss : renewals.poll();
      if (next == null) {
        running--;
      }
      return next;
    }
  }

  int running() {
    synchronized (lock) {
      return running;
    }
  }

  int waiting() {
    synchronized (lock) {
      return misses.size() + renewals.size();
    }
  }

  void close() {
    synchronized (lock) {
      misses.clear();
      renewals.clear();
    }
  }
}
