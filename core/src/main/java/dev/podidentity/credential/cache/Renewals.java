package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.cache.CacheEntry.RenewalError;
import dev.podidentity.schedule.Scheduler;
import dev.podidentity.schedule.Scheduler.Scheduled;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides when an entry is renewed and when it leaves. Each entry has one timer; nothing ever goes
 * over all of them. Entries whose time has come wait for their turn, those that expire first ahead.
 * Thread-safe.
 */
final class Renewals {
  private record Due(long servedUntil, Entry entry) {}

  private final EntryTable table;
  private final CacheSettings settings;
  private final Clock clock;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final ListenerRelay events;
  private final Consumer<Entry> begin;
  private final AtomicReference<Scheduled> nextTick = new AtomicReference<>(() -> {});
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::servedUntil));

  @GuardedBy("lock")
  private final Pacer pacer;

  @GuardedBy("lock")
  private boolean ticking;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * Renewals of the entries in a table.
   *
   * @param begin renews an entry; its end comes back through {@link #keep}, {@link #failed} or
   *     {@link #drop}
   */
  Renewals(
      EntryTable table,
      CacheSettings settings,
      Clock clock,
      Scheduler scheduler,
      RandomGenerator random,
      ListenerRelay events,
      Consumer<Entry> begin) {
    this.table = table;
    this.settings = settings;
    this.clock = clock;
    this.scheduler = scheduler;
    this.random = random;
    this.events = events;
    this.begin = begin;
    this.pacer = new Pacer(settings.renewalsPerSecond(), settings.maxThrottlePause());
  }

  /** The entry has just got credentials. */
  void keep(Entry entry) {
    entry.obtained(clock.millis());
    Duration life = entry.held().credentials().remainingAt(clock.instant());
    // The age of credentials reaches their remaining life when half of it is gone.
    Duration half = life.dividedBy(2);
    Duration age = half.compareTo(settings.retention()) < 0 ? half : settings.retention();
    double factor = 1 + settings.renewalJitter() * (2 * random.nextDouble() - 1);
    entry.resting().set(false);
    wakeAfter(entry, Duration.ofMillis((long) (age.toMillis() * factor)));
  }

  private void wakeAfter(Entry entry, Duration delay) {
    entry.dueAt(clock.millis() + delay.toMillis());
    arm(entry);
  }

  private void arm(Entry entry) {
    long wakeAt = Math.min(entry.dueAt(), entry.held().servedUntil() + 1);
    Duration delay = Duration.ofMillis(Math.max(0, wakeAt - clock.millis()));
    entry.timer(scheduler.schedule(() -> wake(entry), delay));
  }

  private void wake(Entry entry) {
    long now = clock.millis();
    if (!entry.held().isGood(now)) {
      drop(entry, expiryOf(entry, now));
    } else if (now < entry.dueAt()) {
      arm(entry);
    } else if (entry.isWanted() && entry.held().hasLiveToken(now)) {
      enqueue(entry);
    } else {
      rest(entry, now);
    }
  }

  private static DropReason expiryOf(Entry entry, long now) {
    if (!entry.isWanted()) {
      return DropReason.UNWANTED;
    }
    return entry.held().hasLiveToken(now) ? DropReason.EXPIRED : DropReason.TOKEN_EXPIRED;
  }

  // The last look makes up for a request that came between the decision and the flag.
  private void rest(Entry entry, long now) {
    entry.dueAt(Long.MAX_VALUE);
    arm(entry);
    entry.resting().set(true);
    if (entry.isWanted() && entry.held().hasLiveToken(now)) {
      stir(entry);
    }
  }

  /** Somebody asked, or a newer token came. */
  void want(Entry entry) {
    entry.wanted(true);
    stir(entry);
  }

  private void stir(Entry entry) {
    if (entry.resting().compareAndSet(true, false)) {
      entry.dueAt(clock.millis());
      wake(entry);
    }
  }

  private void enqueue(Entry entry) {
    if (!entry.queued().compareAndSet(false, true)) {
      return;
    }
    synchronized (lock) {
      due.add(new Due(entry.held().servedUntil(), entry));
    }
    beginDue();
  }

  private void beginDue() {
    while (true) {
      Instant now = clock.instant();
      Due next = null;
      Duration wait;
      synchronized (lock) {
        if (closed || ticking || due.isEmpty()) {
          return;
        }
        wait = pacer.untilNext(now);
        if (wait.isZero()) {
          pacer.begin(now);
          next = due.poll();
        } else {
          ticking = true;
        }
      }
      if (next == null) {
        nextTick.getAndSet(scheduler.schedule(this::tick, wait)).cancel();
        return;
      }
      begin(next.entry());
    }
  }

  private void tick() {
    synchronized (lock) {
      ticking = false;
    }
    beginDue();
  }

  // While an entry waited, it may have been dropped, evicted, or given credentials by a request.
  private void begin(Entry entry) {
    entry.queued().set(false);
    long now = clock.millis();
    if (!table.contains(entry)) {
      return;
    }
    if (!entry.held().isGood(now) || now < entry.dueAt()) {
      wake(entry);
      return;
    }
    entry.wanted(false);
    begin.accept(entry);
  }

  /** A renewal failed: the credentials stay, unless the failure says that they must not. */
  void failed(Flight.Renewal renewal, CredentialException failure) {
    Entry entry = renewal.entry();
    Held now = entry.held();
    entry.wanted(true);
    if (now.credentials() != renewal.held().credentials() || !table.contains(entry)) {
      return;
    }
    entry.lastError(
        new RenewalError(clock.instant(), failure.reason(), String.valueOf(failure.getMessage())));
    if (!failure.reason().endsRenewals()) {
      retry(entry);
    } else if (now.token().equals(renewal.held().token())) {
      drop(entry, DropReason.REFUSED);
    } else {
      wakeAfter(entry, Duration.ZERO);
    }
  }

  /** The entry's turn comes again in a minute or two. */
  void retry(Entry entry) {
    entry.wanted(true);
    long retry = settings.renewalRetry().toMillis();
    wakeAfter(entry, Duration.ofMillis(retry + (long) (retry * random.nextDouble())));
  }

  /** The source answered a renewal. */
  void sourceAnswered() {
    synchronized (lock) {
      pacer.succeed();
    }
  }

  /** The source throttled a call. */
  void sourceThrottled() {
    Instant now = clock.instant();
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
    if (table.remove(entry)) {
      gone(entry, reason);
    }
  }

  /** An entry is out of the table. */
  void gone(@Nullable Entry entry, DropReason reason) {
    if (entry != null) {
      entry.retire();
      events.tell(to -> to.dropped(entry.held().token(), reason));
    }
  }

  int waiting() {
    synchronized (lock) {
      return due.size();
    }
  }

  /** When renewals go on after the source throttled; empty if they are not paused. */
  Optional<Instant> pausedUntil() {
    Instant now = clock.instant();
    synchronized (lock) {
      return Optional.of(pacer.pausedUntil()).filter(now::isBefore);
    }
  }

  void close() {
    synchronized (lock) {
      closed = true;
      due.clear();
    }
    nextTick.getAndSet(() -> {}).cancel();
    table.close().forEach(Entry::retire);
  }
}
