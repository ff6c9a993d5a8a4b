package dev.podidentity.credential.cache;

import static dev.podidentity.credential.cache.RenewalState.DUE;
import static dev.podidentity.credential.cache.RenewalState.IDLE;
import static dev.podidentity.credential.cache.RenewalState.RENEWING;
import static dev.podidentity.credential.cache.RenewalState.WAITING;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.cache.CacheEntry.RenewalError;
import dev.podidentity.limit.Permit;
import dev.podidentity.schedule.Scheduler;
import dev.podidentity.schedule.Scheduler.Scheduled;
import dev.podidentity.schedule.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when an entry is renewed and when it leaves, by its {@link RenewalState}. Each entry has
 * one timer; nothing ever goes over all of them. Entries that are due wait for their turn, those
 * that expire first ahead. When an entry is due depends on the age of its credentials, and so on
 * the ticker; when they expire, on the clock. Thread-safe.
 */
final class Renewals {
  private static final Logger log = LoggerFactory.getLogger(Renewals.class);

  private static final Duration TIMER_GRACE = Duration.ofSeconds(1);
  private static final Comparator<Entry> SOONEST_EXPIRY =
      Comparator.comparingLong(entry -> entry.grant().servedUntil());

  private record Due(long servedUntil, Entry entry) {}

  private final Grants grants;
  private final CacheSettings settings;
  private final Clock clock;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final ListenerDispatcher events;
  private final Consumer<Entry> begin;
  private final ClockJumps jumps;
  private final AtomicReference<Scheduled> nextTick = new AtomicReference<>(() -> {});
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::servedUntil));

  @GuardedBy("lock")
  private final Pacer pacer;

  /** What the next turn is waited for with; null if nothing is due, or turns come at once. */
  @GuardedBy("lock")
  private @Nullable Permit tick;

  /** When it ends, by the ticker. */
  @GuardedBy("lock")
  private long tickAt;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * Renewals of what was granted.
   *
   * @param begin starts the fetch of an entry, whose end comes back through {@link #keep}, {@link
   *     #failed}, {@link #retry} or {@link #drop}
   */
  Renewals(
      Grants grants,
      CacheSettings settings,
      Clock clock,
      Ticker ticker,
      Scheduler scheduler,
      RandomGenerator random,
      ListenerDispatcher events,
      Consumer<Entry> begin) {
    this.grants = grants;
    this.settings = settings;
    this.clock = clock;
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.random = random;
    this.events = events;
    this.begin = begin;
    this.jumps = new ClockJumps(clock, ticker);
    this.pacer =
        new Pacer(settings.renewalsPerSecond(), settings.maxThrottlePause(), ticker.read());
  }

  /** The entry has just got credentials. */
  void keep(Entry entry) {
    entry.obtained(clock.millis());
    Duration life = entry.grant().credentials().remainingAt(clock.instant());
    // The age of credentials reaches their remaining life when half of it is gone.
    Duration half = life.dividedBy(2);
    Duration age = half.compareTo(settings.retention()) < 0 ? half : settings.retention();
    double factor = 1 + settings.renewalJitter() * (2 * random.nextDouble() - 1);
    waitFor(entry, Duration.ofMillis((long) (age.toMillis() * factor)));
  }

  private void waitFor(Entry entry, Duration delay) {
    entry.dueAt(ticker.read() + delay.toNanos());
    entry.dueByClock(clock.millis() + delay.toMillis());
    if (entry.moveToWaiting()) {
      arm(entry, delay);
    }
  }

  /** Sets the timer for when the entry is due, or for its expiry if that is sooner. */
  private void arm(Entry entry, Duration untilDue) {
    Duration untilExpiry = untilExpiry(entry);
    Duration delay = untilExpiry.compareTo(untilDue) < 0 ? untilExpiry : untilDue;
    schedule(entry, delay);
  }

  private Duration untilExpiry(Entry entry) {
    return Duration.ofMillis(Math.max(0, entry.grant().servedUntil() + 1 - clock.millis()));
  }

  // Without a timer the entry is IDLE and unused: the next request for it tries again.
  @SuppressWarnings("CatchingUnchecked") // without a thread, schedule throws an OutOfMemoryError
  private void schedule(Entry entry, Duration delay) {
    try {
      entry.timer(scheduler.schedule(() -> wake(entry), delay));
    } catch (Throwable e) {
      entry.used(false);
      var unused = entry.move(WAITING, IDLE);
      log.atWarn()
          .addKeyValue("cause", e.toString())
          .log("A renewal was put off until the pod asks again: the scheduler took no task");
    }
  }

  private void wake(Entry entry) {
    long now = clock.millis();
    if (!entry.grant().isServedAt(now)) {
      drop(entry, expiryOf(entry, now));
    } else if (entry.state() == IDLE) {
      schedule(entry, untilExpiry(entry));
    } else if (entry.state() == WAITING) {
      wakeWaiting(entry, now);
    }
  }

  private void wakeWaiting(Entry entry, long now) {
    Duration untilDue = Duration.ofNanos(entry.dueAt() - ticker.read());
    if (untilDue.compareTo(Duration.ZERO) > 0) {
      arm(entry, untilDue);
    } else if (entry.isUsed() && entry.grant().hasLiveToken(now)) {
      enqueue(entry);
    } else {
      becomeIdle(entry, now);
    }
  }

  private static DropReason expiryOf(Entry entry, long now) {
    if (!entry.isUsed()) {
      return DropReason.UNWANTED;
    }
    return entry.grant().hasLiveToken(now) ? DropReason.EXPIRED : DropReason.TOKEN_EXPIRED;
  }

  // The last look makes up for a request that came between the decision and the change of state.
  private void becomeIdle(Entry entry, long now) {
    if (entry.move(WAITING, IDLE)) {
      schedule(entry, untilExpiry(entry));
      if (entry.isUsed() && entry.grant().hasLiveToken(now)) {
        wakeIdle(entry);
      }
    }
  }

  /** The entry was asked for, or has a newer token. */
  void used(Entry entry) {
    entry.used(true);
    wakeIdle(entry);
  }

  private void wakeIdle(Entry entry) {
    if (entry.move(IDLE, WAITING)) {
      entry.dueAt(ticker.read());
      entry.dueByClock(clock.millis());
      wake(entry);
    }
  }

  /** The timer of an entry has not run: it is due all the same. */
  void overdue(Entry entry) {
    wake(entry);
  }

  /**
   * Makes up for timers that did not run, and for a machine that was suspended, during which they
   * stand still. To be called every few seconds.
   */
  void look() {
    Duration jump = jumps.look();
    if (!jump.isZero()) {
      log.atInfo()
          .addKeyValue("seconds", jump.toSeconds())
          .log("The clock was set, or the machine was suspended: what is due is computed anew");
      grants.entries().sorted(SOONEST_EXPIRY).forEach(this::computeAnew);
    }
    long now = ticker.read();
    Permit lost;
    synchronized (lock) {
      lost = tick != null && now - tickAt >= TIMER_GRACE.toNanos() ? tick : null;
    }
    if (lost != null) {
      tick(lost);
    }
  }

  // By whichever comes first: a clock that was set back puts no renewal off.
  private void computeAnew(Entry entry) {
    long left = entry.dueByClock() - clock.millis();
    long byClock = ticker.read() + TimeUnit.MILLISECONDS.toNanos(left);
    if (byClock - entry.dueAt() < 0) {
      entry.dueAt(byClock);
    }
    wake(entry);
  }

  private void enqueue(Entry entry) {
    if (entry.move(WAITING, DUE)) {
      synchronized (lock) {
        due.add(new Due(entry.grant().servedUntil(), entry));
      }
      beginDue();
    }
  }

  /** Begins renewals whose turn it is. */
  void beginDue() {
    for (Optional<Entry> next = next(); next.isPresent(); next = next()) {
      begin(next.get());
    }
  }

  /** The entry whose turn it is; if its turn comes later, this goes on then. */
  private Optional<Entry> next() {
    long now = ticker.read();
    Duration wait;
    Permit waiting;
    synchronized (lock) {
      if (closed || tick != null || due.isEmpty()) {
        return Optional.empty();
      }
      wait = pacer.untilNext(now);
      if (wait.isZero()) {
        pacer.begin(now);
        return Optional.of(due.remove().entry());
      }
      waiting = Permit.of(this::endTick);
      tick = waiting;
      tickAt = now + wait.toNanos();
    }
    wait(waiting, wait);
    return Optional.empty();
  }

  @SuppressWarnings("CatchingUnchecked") // without a thread, schedule throws an OutOfMemoryError
  private void wait(Permit waiting, Duration wait) {
    try {
      nextTick.getAndSet(scheduler.schedule(() -> tick(waiting), wait)).cancel();
    } catch (Throwable e) {
      waiting.close();
      log.atWarn()
          .addKeyValue("cause", e.toString())
          .log("Renewals wait until another one is due: the scheduler took no task");
    }
  }

  private void tick(Permit waiting) {
    waiting.close();
    beginDue();
  }

  private void endTick() {
    synchronized (lock) {
      tick = null;
    }
  }

  // While an entry waited, it may have been dropped, evicted, or given credentials by a request.
  private void begin(Entry entry) {
    long now = clock.millis();
    if (!entry.grant().isServedAt(now)) {
      drop(entry, expiryOf(entry, now));
    } else if (grants.contains(entry) && entry.move(DUE, RENEWING)) {
      entry.used(false);
      begin.accept(entry);
    }
  }

  /** A renewal failed: the credentials stay, unless the failure says that they must not. */
  void failed(Fetch.Renewal renewal, CredentialException failure) {
    Entry entry = renewal.entry();
    Grant now = entry.grant();
    entry.used(true);
    if (now.credentials() != renewal.grant().credentials() || !grants.contains(entry)) {
      return;
    }
    entry.lastError(
        new RenewalError(clock.instant(), failure.reason(), String.valueOf(failure.getMessage())));
    if (!failure.reason().endsRenewals()) {
      retry(entry);
    } else if (now.token().equals(renewal.grant().token())) {
      drop(entry, DropReason.REFUSED);
    } else {
      waitFor(entry, Duration.ZERO);
    }
  }

  /** The entry's turn comes again in a minute or two. */
  void retry(Entry entry) {
    entry.used(true);
    long retry = settings.renewalRetry().toMillis();
    waitFor(entry, Duration.ofMillis(retry + (long) (retry * random.nextDouble())));
  }

  /** The source answered a renewal. */
  void sourceAnswered() {
    synchronized (lock) {
      pacer.succeed();
    }
  }

  /** The source throttled a call. */
  void sourceThrottled() {
    long now = ticker.read();
    double chance = random.nextDouble();
    Duration pause;
    synchronized (lock) {
      pause = pacer.throttle(now, chance);
    }
    if (!pause.isZero()) {
      events.tell(to -> to.throttled(pause));
    }
  }

  /** Ends an entry, if it has not ended before. */
  void drop(Entry entry, DropReason reason) {
    if (grants.remove(entry)) {
      ended(entry, reason);
    }
  }

  /** An entry is no longer in the cache. */
  void ended(@Nullable Entry entry, DropReason reason) {
    if (entry != null) {
      entry.end();
      events.tell(to -> to.dropped(entry.grant().token(), reason));
    }
  }

  int waiting() {
    synchronized (lock) {
      return due.size();
    }
  }

  /** When an entry is to be renewed; empty if it is left to expire. */
  Optional<Instant> nextRenewal(Entry entry) {
    return entry.state() == IDLE
        ? Optional.empty()
        : Optional.of(clock.instant().plusNanos(entry.dueAt() - ticker.read()));
  }

  /** When renewals go on after the source throttled; empty if they are not paused. */
  Optional<Instant> pausedUntil() {
    long now = ticker.read();
    Duration pause;
    synchronized (lock) {
      pause = pacer.untilPauseEnds(now);
    }
    return Optional.of(pause).filter(left -> !left.isZero()).map(clock.instant()::plus);
  }

  void close() {
    synchronized (lock) {
      closed = true;
      due.clear();
    }
    nextTick.getAndSet(() -> {}).cancel();
    grants.close().forEach(Entry::end);
  }
}
