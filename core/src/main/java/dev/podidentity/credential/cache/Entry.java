package dev.podidentity.credential.cache;

import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.cache.CacheEntry.RenewalError;
import dev.podidentity.schedule.Scheduler.Scheduled;
import dev.podidentity.token.ServiceAccountToken;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A pod with credentials. Read without a lock by every request; thread-safe. */
final class Entry {
  private static final Scheduled NOTHING = () -> {};
  private static final Scheduled RETIRED = () -> {};

  private final EntryKey key;
  private final AtomicReference<Scheduled> timer = new AtomicReference<>(NOTHING);
  private final AtomicBoolean resting = new AtomicBoolean();
  private final AtomicBoolean queued = new AtomicBoolean();

  /** Replaced as a whole, under the table's lock; read without it. */
  private volatile Held held;

  private volatile boolean wanted = true;
  private volatile long lastUsed;
  private volatile long dueAt = Long.MAX_VALUE;
  private volatile long obtainedAt;
  private volatile @Nullable RenewalError lastError;

  Entry(EntryKey key, Held held, long now) {
    this.key = key;
    this.held = held;
    this.lastUsed = now;
    this.obtainedAt = now;
  }

  EntryKey key() {
    return key;
  }

  Held held() {
    return held;
  }

  /** The credentials, if this very token was accepted for them and they have life left. */
  @Nullable TemporaryCredentials answer(ServiceAccountToken token, long now) {
    Held current = held;
    if (!current.isGood(now) || !current.accepts(token, now)) {
      return null;
    }
    if (lastUsed != now) {
      lastUsed = now;
    }
    return current.credentials();
  }

  /** Replaces what the entry holds; the table does it, one at a time. */
  void hold(Held next) {
    held = next;
  }

  long lastUsed() {
    return lastUsed;
  }

  /** When something is to be done about these credentials, in milliseconds of the epoch. */
  long dueAt() {
    return dueAt;
  }

  void dueAt(long time) {
    dueAt = time;
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

  /** Whether somebody asked since the last renewal began. */
  boolean isWanted() {
    return wanted;
  }

  void wanted(boolean value) {
    wanted = value;
  }

  /** Whether the time of its renewal has come without anybody wanting one. */
  AtomicBoolean resting() {
    return resting;
  }

  /** Whether it waits for its turn to be renewed. */
  AtomicBoolean queued() {
    return queued;
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

  /** Ends the timers, for good. */
  void retire() {
    timer.getAndSet(RETIRED).cancel();
  }
}
