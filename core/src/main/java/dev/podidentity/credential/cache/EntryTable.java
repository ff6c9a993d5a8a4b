package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries and the tokens that they answer, found without a lock. Only what a source accepted
 * gets in, and no more than there is room for. Thread-safe.
 */
final class EntryTable {
  private final int maxEntries;
  private final ConcurrentMap<EntryKey, Entry> entries = new ConcurrentHashMap<>();

  /** What the entries hold, by the whole text: changes with them, under the lock. */
  private final ConcurrentMap<TokenText, Known> tokens = new ConcurrentHashMap<>();

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final RecencyOrder recency = new RecencyOrder();

  @GuardedBy("lock")
  private boolean closed;

  EntryTable(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  /**
   * An entry that was stored.
   *
   * @param entry the entry
   * @param evicted the entry that had to leave for it
   */
  record Stored(Entry entry, @Nullable Entry evicted) {}

  /**
   * A token that an entry holds, or held a moment ago.
   *
   * @param token the token
   * @param entry the entry, which has the last word on what it answers
   */
  record Known(ServiceAccountToken token, Entry entry) {}

  @Nullable Entry find(EntryKey key) {
    return entries.get(key);
  }

  /** The token with exactly this text. */
  @Nullable Known known(String text) {
    return tokens.get(new TokenText(text));
  }

  boolean contains(Entry entry) {
    return entries.get(entry.key()) == entry;
  }

  /** Stores what a source answered for a token; null once the table is closed. */
  @Nullable Stored store(ServiceAccountToken token, TemporaryCredentials credentials, long now) {
    EntryKey key = EntryKey.of(token);
    synchronized (lock) {
      if (closed) {
        return null;
      }
      Entry present = entries.get(key);
      if (present != null) {
        replace(present, present.held().with(token, credentials));
        return new Stored(present, null);
      }
      Entry evicted = entries.size() < maxEntries ? null : removeLeastRecent();
      var added = new Entry(key, Held.first(credentials, token), now);
      entries.put(key, added);
      tokens.put(TokenText.of(token), new Known(token, added));
      recency.add(added);
      return new Stored(added, evicted);
    }
  }

  /** Gives an entry new credentials; false if it has left. */
  boolean renew(Entry entry, ServiceAccountToken token, TemporaryCredentials credentials) {
    synchronized (lock) {
      if (!contains(entry)) {
        return false;
      }
      replace(entry, entry.held().with(token, credentials));
      return true;
    }
  }

  /**
   * Lets an entry answer a token that is known to be its pod's; false if the token speaks for
   * another service account, or the entry has left.
   */
  boolean accept(Entry entry, ServiceAccountToken token) {
    synchronized (lock) {
      if (!contains(entry) || !entry.held().isOfSameAccount(token)) {
        return false;
      }
      replace(entry, entry.held().withToken(token));
      return true;
    }
  }

  @GuardedBy("lock")
  private void replace(Entry entry, Held next) {
    Held before = entry.held();
    for (ServiceAccountToken token : next.tokens()) {
      tokens.putIfAbsent(TokenText.of(token), new Known(token, entry));
    }
    entry.hold(next);
    for (ServiceAccountToken token : before.tokens()) {
      if (!next.knows(token)) {
        tokens.remove(TokenText.of(token));
      }
    }
  }

  /** Takes an entry out; false if it has left before. */
  boolean remove(Entry entry) {
    synchronized (lock) {
      recency.remove(entry);
      return takeOut(entry);
    }
  }

  @GuardedBy("lock")
  private Entry removeLeastRecent() {
    Entry entry = recency.removeLeastRecent();
    takeOut(entry);
    return entry;
  }

  @GuardedBy("lock")
  private boolean takeOut(Entry entry) {
    boolean removed = entries.remove(entry.key(), entry);
    if (removed) {
      for (ServiceAccountToken token : entry.held().tokens()) {
        tokens.remove(TokenText.of(token));
      }
    }
    return removed;
  }

  int size() {
    return entries.size();
  }

  List<CacheEntry> snapshot() {
    return entries.values().stream().map(CacheEntry::of).toList();
  }

  Optional<Instant> nearestExpiry() {
    return entries.values().stream()
        .map(entry -> entry.held().credentials().expiration())
        .min(Instant::compareTo);
  }

  /** When the first pod that still asks would be without credentials if nothing was renewed. */
  Optional<Instant> firstWithout() {
    return entries.values().stream()
        .filter(entry -> !entry.resting().get())
        .map(entry -> Instant.ofEpochMilli(entry.held().servedUntil()))
        .min(Instant::compareTo);
  }

  /** Takes all entries out and lets none in any more. */
  Collection<Entry> close() {
    synchronized (lock) {
      closed = true;
      List<Entry> all = List.copyOf(entries.values());
      all.forEach(recency::remove);
      entries.clear();
      tokens.clear();
      return all;
    }
  }
}
