package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was granted to which pod, and by which tokens it is found, without a lock. Only what a
 * source accepted gets in, and no more than there is room for. Thread-safe.
 */
final class Grants {
  private final int maxEntries;
  private final ConcurrentMap<ClientKey, Entry> entries = new ConcurrentHashMap<>();

  /** The tokens of all grants, by the whole text: changes with them, under the lock. */
  private final ConcurrentMap<TokenText, Accepted> tokens = new ConcurrentHashMap<>();

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final RecencyOrder recency = new RecencyOrder();

  @GuardedBy("lock")
  private boolean closed;

  Grants(int maxEntries) {
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
   * A token that an entry's grant holds, or held a moment ago.
   *
   * @param token the token
   * @param entry the entry, whose grant has the last word on what is answered
   */
  record Accepted(ServiceAccountToken token, Entry entry) {}

  @Nullable Entry find(ClientKey pod) {
    return entries.get(pod);
  }

  /** The token with exactly this text. */
  @Nullable Accepted accepted(String text) {
    return tokens.get(new TokenText(text));
  }

  boolean contains(Entry entry) {
    return entries.get(entry.pod()) == entry;
  }

  /**
   * Stores what a source answered for a token; null once closed.
   *
   * @param ticks the time in milliseconds of the ticker
   */
  @Nullable Stored store(ServiceAccountToken token, TemporaryCredentials credentials, long ticks) {
    ClientKey pod = ClientKey.of(token);
    synchronized (lock) {
      if (closed) {
        return null;
      }
      Entry present = entries.get(pod);
      if (present != null) {
        replace(present, present.grant().with(token, credentials));
        return new Stored(present, null);
      }
      Entry evicted = entries.size() < maxEntries ? null : removeLeastRecent();
      var added = new Entry(pod, Grant.first(credentials, token), ticks);
      entries.put(pod, added);
      tokens.put(TokenText.of(token), new Accepted(token, added));
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
      replace(entry, entry.grant().with(token, credentials));
      return true;
    }
  }

  /**
   * Lets an entry answer a token that is known to be its pod's; false if the token speaks for
   * another service account, or the entry has left.
   */
  boolean accept(Entry entry, ServiceAccountToken token) {
    synchronized (lock) {
      if (!contains(entry) || !entry.grant().isOfSameAccount(token)) {
        return false;
      }
      replace(entry, entry.grant().withToken(token));
      return true;
    }
  }

  @GuardedBy("lock")
  private void replace(Entry entry, Grant next) {
    Grant before = entry.grant();
    for (ServiceAccountToken token : next.tokens()) {
      tokens.putIfAbsent(TokenText.of(token), new Accepted(token, entry));
    }
    entry.grant(next);
    for (ServiceAccountToken token : before.tokens()) {
      if (!next.holds(token)) {
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
    boolean removed = entries.remove(entry.pod(), entry);
    if (removed) {
      for (ServiceAccountToken token : entry.grant().tokens()) {
        tokens.remove(TokenText.of(token));
      }
    }
    return removed;
  }

  int size() {
    return entries.size();
  }

  /** All entries, in no order. */
  Stream<Entry> entries() {
    return entries.values().stream();
  }

  Optional<Instant> nearestExpiry() {
    return entries().map(entry -> entry.grant().credentials().expiration()).min(Instant::compareTo);
  }

  /** When the first pod that still asks would be without credentials if nothing was renewed. */
  Optional<Instant> firstWithout() {
    return entries()
        .filter(entry -> entry.state() != RenewalState.IDLE)
        .map(entry -> Instant.ofEpochMilli(entry.grant().servedUntil()))
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
