package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.limit.ClientSemaphore;
import dev.podidentity.limit.Permit;
import dev.podidentity.schedule.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a bounded number of fetches call the source at once, no client more than half of them. The
 * others wait in two queues: a client waits for a miss now, while a renewal comes well ahead.
 * Misses go first, and yet never so many in a row that renewals come to a stop. Thread-safe.
 */
final class UpstreamBulkhead {
  private static final Logger log = LoggerFactory.getLogger(UpstreamBulkhead.class);

  /** A flood of misses must not starve renewals until granted credentials have expired. */
  static final int MISSES_IN_A_ROW = 8;

  private final WatchedTasks tasks;
  private final Ticker ticker;
  private final Consumer<Fetch> call;
  private final Consumer<Fetch> reject;
  private final ClientSemaphore<ClientKey> calls;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final FairQueue misses;

  @GuardedBy("lock")
  private final Deque<Fetch> renewals = new ArrayDeque<>();

  @GuardedBy("lock")
  private int missesInARow;

  private record Admitted(Fetch fetch, Permit permit) {}

  /**
   * A bulkhead.
   *
   * @param call calls the source for a fetch; throws nothing
   * @param reject ends a fetch that is not admitted, or for which the executor has no thread
   */
  UpstreamBulkhead(
      Executor executor,
      Ticker ticker,
      CacheSettings settings,
      Consumer<Fetch> call,
      Consumer<Fetch> reject) {
    this.tasks = new WatchedTasks(executor, ticker, settings.maxConcurrentCalls());
    this.ticker = ticker;
    this.calls =
        new ClientSemaphore<>(
            settings.maxConcurrentCalls(),
            Math.max(1, settings.maxConcurrentCalls() / 2),
            ClientKey.AGENT);
    this.misses = new FairQueue(settings.maxQueuedCalls());
    this.call = call;
    this.reject = reject;
  }

  void submitMiss(Fetch fetch) {
    fetch.moved(ticker.read());
    Permit permit;
    Fetch displaced;
    synchronized (lock) {
      permit = calls.tryAcquire(fetch.client());
      displaced = permit != null ? null : misses.add(fetch);
    }
    if (permit != null) {
      start(new Admitted(fetch, permit));
    } else if (displaced != null) {
      reject.accept(displaced);
    }
  }

  void submitRenewal(Fetch fetch) {
    fetch.moved(ticker.read());
    Permit permit;
    synchronized (lock) {
      permit = calls.tryAcquire(fetch.client());
      if (permit == null) {
        renewals.add(fetch);
      }
    }
    if (permit != null) {
      start(new Admitted(fetch, permit));
    }
  }

  /** A client waits for this renewal now: it goes with the misses, if there is room. */
  void promote(Fetch fetch) {
    synchronized (lock) {
      if (misses.hasRoom() && renewals.remove(fetch)) {
        var unused = misses.add(fetch);
      }
    }
  }

  private void start(Admitted admitted) {
    if (!submit(admitted)) {
      startWaiting();
    }
  }

  // In a loop: if the executor has no thread, all waiting fetches are rejected one by one.
  private void startWaiting() {
    for (Admitted next = next(); next != null; next = next()) {
      var unused = submit(next);
    }
  }

  @SuppressWarnings("CatchingUnchecked") // without a thread, execute throws an OutOfMemoryError
  private boolean submit(Admitted admitted) {
    Fetch fetch = admitted.fetch();
    try {
      tasks.handOver(admitted.permit(), () -> callAndStartNext(admitted));
      return true;
    } catch (Throwable e) {
      reject.accept(fetch);
      log.atWarn()
          .addKeyValue("cause", e.toString())
          .log("The source was not called: the executor took no task");
      return false;
    }
  }

  private void callAndStartNext(Admitted admitted) {
    try {
      admitted.fetch().moved(ticker.read());
      call.accept(admitted.fetch());
    } finally {
      admitted.permit().close();
      startWaiting();
    }
  }

  private @Nullable Admitted next() {
    synchronized (lock) {
      boolean renewalsTurn = missesInARow >= MISSES_IN_A_ROW && !renewals.isEmpty();
      Admitted miss = renewalsTurn ? null : nextMiss();
      if (miss != null) {
        missesInARow++;
        return miss;
      }
      Admitted renewal = nextRenewal();
      missesInARow = renewal == null ? missesInARow : 0;
      return renewal;
    }
  }

  @GuardedBy("lock")
  private @Nullable Admitted nextMiss() {
    for (ClientKey client : misses.clients()) {
      Permit permit = calls.tryAcquire(client);
      if (permit != null) {
        return admitted(misses.poll(client), permit);
      }
    }
    return null;
  }

  @GuardedBy("lock")
  private @Nullable Admitted nextRenewal() {
    Permit permit = renewals.isEmpty() ? null : calls.tryAcquire(ClientKey.AGENT);
    return permit == null ? null : admitted(renewals.poll(), permit);
  }

  private static @Nullable Admitted admitted(@Nullable Fetch fetch, Permit permit) {
    if (fetch == null) {
      permit.close();
      return null;
    }
    return new Admitted(fetch, permit);
  }

  /** A fetch has ended, wherever it waits. */
  void forget(Fetch fetch) {
    synchronized (lock) {
      misses.remove(fetch);
      renewals.remove(fetch);
    }
  }

  /** Has others take the place of calls that do not end. */
  void giveUpOverdue(Duration budget) {
    if (tasks.giveUpOverdue(budget)) {
      startWaiting();
    }
  }

  /** How many calls have gone on for longer than this. */
  int overdue(Duration budget) {
    return tasks.overdue(budget);
  }

  /** How many calls are under way. */
  int running() {
    return calls.taken();
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
