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
 * The entries, found without a lock. Only what a source accepted gets in, and no more than there is
 * room for. Thread-safe.
 */
final class EntryTable {
  private final int maxEntries;
  private final ConcurrentMap<EntryKey, Entry> entries = new ConcurrentHashMap<>();
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

  @Nullable Entry find(EntryKey key) {
    return entries.get(key);
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
        present.hold(token, credentials);
        return new Stored(present, null);
      }
      Entry evicted = entries.size() < maxEntries ? null : removeLeastRecent();
      var added = new Entry(key, Held.first(credentials, token), now);
      entries.put(key, added);
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
      entry.hold(token, credentials);
      return true;
    }
  }

  /** Takes an entry out; false if it has left before. */
  boolean remove(Entry entry) {
    synchronized (lock) {
      recency.remove(entry);
      return entries.remove(entry.key(), entry);
    }
  }

  @GuardedBy("lock")
  private Entry removeLeastRecent() {
    Entry entry = recency.removeLeastRecent();
    entries.remove(entry.key(), entry);
    return entry;
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
      return all;
    }
  }
}
