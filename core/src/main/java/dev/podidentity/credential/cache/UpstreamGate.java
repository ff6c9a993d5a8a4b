package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets a bounded number of flights call the source at once, no sender more than half of them. What
 * has to wait waits in two queues: somebody wants a miss now, while a renewal comes well ahead.
 * Misses go first, and yet never so many in a row that renewals come to a stop. Thread-safe.
 */
final class UpstreamGate {
  /** Whoever keeps misses waiting for hours must not make credentials expire that were granted. */
  static final int MISSES_IN_A_ROW = 8;

  private final Executor executor;
  private final Consumer<Flight> call;
  private final Consumer<Flight> reject;
  private final Shares running;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final FairQueue misses;

  @GuardedBy("lock")
  private final Deque<Flight> renewals = new ArrayDeque<>();

  @GuardedBy("lock")
  private int missesInARow;

  /**
   * A gate.
   *
   * @param call calls the source for a flight; what it throws goes to the executor
   * @param reject ends a flight that cannot be let through
   */
  UpstreamGate(
      Executor executor, CacheSettings settings, Consumer<Flight> call, Consumer<Flight> reject) {
    this.executor = executor;
    this.running = new Shares(settings.maxConcurrentCalls());
    this.misses = new FairQueue(settings.maxQueuedCalls());
    this.call = call;
    this.reject = reject;
  }

  void submitMiss(Flight flight) {
    boolean runs;
    Flight displaced;
    synchronized (lock) {
      runs = running.tryTake(flight.sender());
      displaced = runs ? null : misses.add(flight);
    }
    if (runs) {
      run(flight);
    } else if (displaced != null) {
      reject.accept(displaced);
    }
  }

  void submitRenewal(Flight flight) {
    boolean runs;
    synchronized (lock) {
      runs = running.tryTake(flight.sender());
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
      if (misses.hasRoom() && renewals.remove(flight)) {
        var unused = misses.add(flight);
      }
    }
  }

  private void run(Flight flight) {
    try {
      executor.execute(
          () -> {
            try {
              call.accept(flight);
            } finally {
              letNextThrough(flight);
            }
          });
    } catch (RejectedExecutionException e) {
      reject.accept(flight);
      letNextThrough(flight);
    }
  }

  private void letNextThrough(Flight done) {
    Flight next;
    synchronized (lock) {
      running.give(done.sender());
      next = next();
    }
    if (next != null) {
      run(next);
    }
  }

  @GuardedBy("lock")
  private @Nullable Flight next() {
    boolean renewalsTurn = missesInARow >= MISSES_IN_A_ROW && !renewals.isEmpty();
    Flight miss = renewalsTurn ? null : misses.poll(running::tryTake);
    missesInARow = miss == null ? 0 : missesInARow + 1;
    return miss != null ? miss : nextRenewal();
  }

  @GuardedBy("lock")
  private @Nullable Flight nextRenewal() {
    Flight renewal = renewals.peek();
    return renewal != null && running.tryTake(renewal.sender()) ? renewals.poll() : null;
  }

  int running() {
    return running.taken();
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
