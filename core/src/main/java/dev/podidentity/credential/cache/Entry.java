package dev.podidentity.credential.cache;

import static java.util.Objects.requireNonNull;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.cache.CacheEntry.RenewalError;
import dev.podidentity.schedule.Scheduler.Scheduled;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.ServiceAccountToken;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A pod with credentials. Read without a lock by every request; thread-safe. */
final class Entry {
  private static final Scheduled NOTHING = () -> {};
  private static final Scheduled RETIRED = () -> {};

  /** Timers run a little late. */
  private static final long TIMER_GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ClientKey pod;
  private final AtomicReference<RenewalState> state = new AtomicReference<>(RenewalState.WAITING);
  private final AtomicReference<Scheduled> timer = new AtomicReference<>(NOTHING);

  /** Replaced as a whole by {@link Grants}, under its lock; read without it. */
  private volatile Grant grant;

  private volatile boolean used = true;
  private volatile long lastUsed;
  private volatile long dueAt;
  private volatile long dueByClock;
  private volatile long obtainedAt;
  private volatile @Nullable RenewalError lastError;

  /**
   * An entry that has just been asked for.
   *
   * @param pod the pod, or the token of no pod
   * @param ticks the time in milliseconds of the ticker
   */
  Entry(ClientKey pod, Grant grant, long ticks) {
    this.pod = pod;
    this.grant = grant;
    this.lastUsed = ticks;
  }

  /** The time in milliseconds of a ticker, as entries keep it. */
  static long ticks(Ticker ticker) {
    return TimeUnit.NANOSECONDS.toMillis(ticker.read());
  }

  ClientKey pod() {
    return pod;
  }

  Grant grant() {
    return grant;
  }

  /** Replaces the grant; {@link Grants} does it, one at a time. */
  void grant(Grant next) {
    grant = next;
  }

  /**
   * The credentials, if this very token was accepted for them and they have life left.
   *
   * @param now the time in milliseconds of the epoch
   * @param ticks the time in milliseconds of the ticker
   */
  @Nullable TemporaryCredentials answer(ServiceAccountToken token, long now, long ticks) {
    Grant current = grant;
    if (!current.isServedAt(now) || !current.accepts(token, now)) {
      return null;
    }
    if (lastUsed != ticks) {
      lastUsed = ticks;
    }
    return current.credentials();
  }

  /** When it was last asked for, in milliseconds of the ticker. */
  long lastUsed() {
    return lastUsed;
  }

  RenewalState state() {
    return requireNonNull(state.get());
  }

  /** Whether it was in the one state and is in the other one now. */
  boolean move(RenewalState from, RenewalState to) {
    return state.compareAndSet(from, to);
  }

  /** Begins to wait, whatever it did before; false if it has ended. */
  boolean moveToWaiting() {
    return state.updateAndGet(
            current -> current == RenewalState.ENDED ? current : RenewalState.WAITING)
        == RenewalState.WAITING;
  }

  /** When it is to be renewed, in nanoseconds of the ticker. */
  long dueAt() {
    return dueAt;
  }

  void dueAt(long time) {
    dueAt = time;
  }

  /** When it was meant to be renewed, in milliseconds of the epoch. */
  long dueByClock() {
    return dueByClock;
  }

  void dueByClock(long time) {
    dueByClock = time;
  }

  /** Whether its timer should have run, and did not. */
  boolean isOverdue(long now) {
    return now - dueAt >= TIMER_GRACE_NANOS && state.get() == RenewalState.WAITING;
  }

  /** When the credentials were obtained, in milliseconds of the epoch. */
  long obtainedAt() {
    return obtainedAt;
  }

  /** Credentials were obtained. */
  void obtained(long now) {
    obtainedAt = now;
    lastError = null;
  }

  /** Why the last renewal failed; null if it did not. */
  @Nullable RenewalError lastError() {
    return lastError;
  }

  void lastError(RenewalError error) {
    lastError = error;
  }

  /** Whether it was asked for since the last renewal began: then it is renewed once more. */
  boolean isUsed() {
    return used;
  }

  void used(boolean value) {
    used = value;
  }

  /** Replaces the one timer that an entry has. */
  void timer(Scheduled next) {
    Scheduled before = timer.getAndUpdate(current -> current == RETIRED ? RETIRED : next);
    if (before == RETIRED) {
      next.cancel();
    } else {
      before.cancel();
    }
  }

  /** Ends its renewals, for good. */
  void end() {
    state.set(RenewalState.ENDED);
    timer.getAndSet(RETIRED).cancel();
  }
}
