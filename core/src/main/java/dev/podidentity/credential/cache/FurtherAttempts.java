package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.limit.ClientSemaphore;
import dev.podidentity.limit.Permit;
import dev.podidentity.schedule.Scheduler;
import dev.podidentity.schedule.Scheduler.Scheduled;
import dev.podidentity.schedule.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that are made again after a failure that may pass. There is one schedule: for the token, or
 * for all of the node where the source throttles. Requests join it and start no call of their own.
 * A fetch that has failed goes on for as long as clients ask for it, and a while longer: some pause
 * for a second between two tries. Thread-safe.
 */
final class FurtherAttempts {
  private static final Logger log = LoggerFactory.getLogger(FurtherAttempts.class);

  /** The pauses before the first further attempts; the last one is that before all others. */
  private static final long[] PAUSE_MILLIS = {300, 500, 800, 1000};

  private static final double JITTER = 0.1;

  /** How long a fetch goes on without a client. */
  static final Duration LINGER = Duration.ofSeconds(2);

  /** How long a fetch goes on failing; what has waited for it is let go with it. */
  static final Duration MAX_AGE = Duration.ofSeconds(30);

  /** A throttled source that nobody has asked for this long is asked as if it were not. */
  private static final Duration FORGET = Duration.ofSeconds(10);

  /** The timer of a turn that is so late has been lost. */
  private static final Duration LOST = Duration.ofSeconds(2);

  private final Scheduler scheduler;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final Consumer<Fetch> again;
  private final Consumer<Fetch> end;
  private final boolean enabled;

  /** One client, with however many tokens, must not take the places of the others. */
  private final ClientSemaphore<ClientKey> fetches;

  private final ClientSemaphore<ClientKey> requests;
  private final AtomicReference<Scheduled> nextTick = new AtomicReference<>(() -> {});
  private final Object lock = new Object();

  /** Those that wait for the node's turn while the source throttles. */
  @GuardedBy("lock")
  private final FairQueue throttled;

  /** Whether the source throttled, and has answered nothing else since. */
  @GuardedBy("lock")
  private boolean throttles;

  @GuardedBy("lock")
  private int turns;

  @GuardedBy("lock")
  private long nextTurn;

  @GuardedBy("lock")
  private boolean ticking;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * No call has failed yet.
   *
   * @param again has the source called for a fetch, or ends it
   * @param end ends a fetch with its last failure
   */
  FurtherAttempts(
      CacheSettings settings,
      Scheduler scheduler,
      Ticker ticker,
      RandomGenerator random,
      Consumer<Fetch> again,
      Consumer<Fetch> end) {
    this.scheduler = scheduler;
    this.ticker = ticker;
    this.random = random;
    this.again = again;
    this.end = end;
    int held = settings.maxHeldRequests();
    this.enabled = held > 0;
    this.fetches = semaphore(held);
    this.requests = semaphore(held);
    this.throttled = new FairQueue(held);
  }

  private static ClientSemaphore<ClientKey> semaphore(int permits) {
    return new ClientSemaphore<>(permits, Math.max(1, permits / 2), ClientKey.AGENT);
  }

  /**
   * Lets a request wait through failures that may pass, if there is room: else the first of them is
   * its answer.
   */
  void hold(Fetch fetch, ClientKey client, CompletableFuture<?> waiter) {
    var unused = fetch.firstFailure().thenAccept(failure -> hold(failure, client, waiter));
  }

  private void hold(CredentialException failure, ClientKey client, CompletableFuture<?> waiter) {
    Permit permit = waiter.isDone() ? null : requests.tryAcquire(client);
    if (permit == null) {
      waiter.completeExceptionally(failure);
    } else {
      var unused = waiter.whenComplete((answer, ended) -> permit.close());
    }
  }

  /**
   * Takes a fetch whose call has failed.
   *
   * @return false if it ends with this failure
   */
  boolean take(Fetch fetch, CredentialException failure) {
    if (!failure.reason().isTransient() || !goesOn(fetch)) {
      return false;
    }
    boolean first = fetch.lastFailure() == null;
    if (first && !reserve(fetch)) {
      return false;
    }
    fetch.failedForNow(failure, ticker.read());
    fetch.moved(ticker.read());
    int failures = fetch.countFailure();
    if (failure.reasons().contains(FailureReason.THROTTLED)) {
      sourceThrottles();
      return await(fetch);
    }
    return schedule(fetch, pause(failures));
  }

  private boolean goesOn(Fetch fetch) {
    long now = ticker.read();
    return enabled
        && !fetch.isDone()
        && (fetch.lastFailure() == null || now - fetch.firstFailureAt() < MAX_AGE.toNanos())
        && (fetch.waiters() > 0
            || (fetch.renewal() == null && now - fetch.lastWaiterLeftAt() < LINGER.toNanos()));
  }

  private boolean reserve(Fetch fetch) {
    Permit permit = fetches.tryAcquire(fetch.client());
    if (permit == null) {
      return false;
    }
    var unused = fetch.outcome().whenComplete((answer, failure) -> permit.close());
    return true;
  }

  private Duration pause(int failures) {
    long millis = PAUSE_MILLIS[Math.min(failures, PAUSE_MILLIS.length - 1)];
    return Duration.ofMillis((long) (millis * (1 + JITTER * (2 * random.nextDouble() - 1))));
  }

  @SuppressWarnings("CatchingUnchecked") // without a thread, schedule throws an OutOfMemoryError
  private boolean schedule(Fetch fetch, Duration pause) {
    try {
      Scheduled next = scheduler.schedule(() -> callAgain(fetch), pause);
      var unused = fetch.outcome().whenComplete((answer, failure) -> next.cancel());
      return true;
    } catch (Throwable e) {
      logNoTask(e);
      return false;
    }
  }

  private void callAgain(Fetch fetch) {
    if (goesOn(fetch)) {
      again.accept(fetch);
    } else {
      end.accept(fetch);
    }
  }

  /**
   * Whether a fetch has to wait, since the source throttles and the next call is another one's. It
   * is called again when its turn comes, or ends at once where there is no room for it.
   */
  boolean joins(Fetch fetch) {
    if (!enabled || fetch.takeTurn() || !isThrottled()) {
      return false;
    }
    boolean first = fetch.lastFailure() == null;
    if (first) {
      fetch.failedForNow(throttledFor(fetch), ticker.read());
    }
    if ((first && !reserve(fetch)) || !await(fetch)) {
      end.accept(fetch);
    }
    return true;
  }

  private static CredentialException throttledFor(Fetch fetch) {
    return new CredentialException(
        FailureReason.THROTTLED,
        "The calls of this node for credentials are throttled: the one for service account "
            + fetch.token().serviceAccount()
            + " waits for its turn; try again");
  }

  private boolean isThrottled() {
    long now = ticker.read();
    synchronized (lock) {
      if (throttles && throttled.size() == 0 && nextTurn - now <= 0) {
        takeTurn(now);
        return false;
      }
      return throttles;
    }
  }

  @GuardedBy("lock")
  private void takeTurn(long now) {
    turns = now - nextTurn > FORGET.toNanos() ? 0 : turns;
    nextTurn = now + pause(turns++).toNanos();
  }

  private void sourceThrottles() {
    long now = ticker.read();
    synchronized (lock) {
      if (!throttles) {
        throttles = true;
        turns = 0;
        nextTurn = now;
        takeTurn(now);
      }
    }
  }

  /** Lets a fetch wait for the node's turn; false if there is no room for it. */
  private boolean await(Fetch fetch) {
    Fetch displaced;
    synchronized (lock) {
      if (closed) {
        return false;
      }
      displaced = throttled.add(fetch);
    }
    if (displaced != null && displaced != fetch) {
      end.accept(displaced);
    }
    tickLater();
    return displaced != fetch;
  }

  @SuppressWarnings("CatchingUnchecked") // without a thread, schedule throws an OutOfMemoryError
  private void tickLater() {
    Duration left;
    synchronized (lock) {
      if (closed || ticking || throttled.size() == 0) {
        return;
      }
      ticking = true;
      // Another call may have been answered meanwhile: then nothing has to be waited for.
      long nanos = throttles ? nextTurn - ticker.read() : 0;
      left = Duration.ofNanos(Math.max(0, nanos));
    }
    try {
      nextTick.getAndSet(scheduler.schedule(this::tick, left)).cancel();
    } catch (Throwable e) {
      logNoTask(e);
      synchronized (lock) {
        ticking = false;
      }
      free();
    }
  }

  private static void logNoTask(Throwable e) {
    log.atWarn()
        .addKeyValue("cause", e.toString())
        .log("A call is not made again later: the scheduler took no task");
  }

  private void tick() {
    List<Fetch> over = new ArrayList<>();
    Fetch next = null;
    boolean allMayCall;
    synchronized (lock) {
      ticking = false;
      allMayCall = !throttles;
      long now = ticker.read();
      if (throttles && nextTurn - now <= 0) {
        next = next(over);
      }
      if (next != null) {
        takeTurn(now);
        next.giveTurn();
      }
    }
    over.forEach(end);
    if (next != null) {
      again.accept(next);
    }
    if (allMayCall) {
      free();
    } else {
      tickLater();
    }
  }

  @GuardedBy("lock")
  private @Nullable Fetch next(List<Fetch> over) {
    for (Fetch next = poll(); next != null; next = poll()) {
      if (goesOn(next)) {
        return next;
      }
      over.add(next);
    }
    return null;
  }

  @GuardedBy("lock")
  private @Nullable Fetch poll() {
    Iterator<ClientKey> clients = throttled.clients().iterator();
    return clients.hasNext() ? throttled.poll(clients.next()) : null;
  }

  /** The source answered a call, and did not throttle it: all that wait may call it. */
  void sourceAnswers() {
    synchronized (lock) {
      if (!throttles) {
        return;
      }
      throttles = false;
    }
    free();
  }

  /**
   * Ends what has waited for its turn as long as it may, with its own failure, and makes up for a
   * turn whose timer was lost. What waits for its turn does not stand still.
   */
  void look() {
    List<Fetch> over = new ArrayList<>();
    boolean lost;
    synchronized (lock) {
      long now = ticker.read();
      for (Fetch fetch : throttled.all()) {
        if (goesOn(fetch)) {
          fetch.moved(now);
        } else {
          over.add(fetch);
        }
      }
      over.forEach(throttled::remove);
      lost = ticking && throttled.size() > 0 && now - nextTurn >= LOST.toNanos();
    }
    over.forEach(end);
    if (lost) {
      tick();
    }
  }

  private void free() {
    List<Fetch> free = new ArrayList<>();
    synchronized (lock) {
      for (Fetch next = poll(); next != null; next = poll()) {
        free.add(next);
      }
    }
    free.forEach(this::callAgain);
  }

  void close() {
    synchronized (lock) {
      closed = true;
      throttled.clear();
    }
    nextTick.getAndSet(() -> {}).cancel();
  }
}
