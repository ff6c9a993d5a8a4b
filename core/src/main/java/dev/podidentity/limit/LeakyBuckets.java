package dev.podidentity.limit;

/**
 * A bucket for each key: each use adds one, and it leaks at a constant rate. A full bucket takes no
 * more. Of a bucket no more is kept than when it will be empty, which is the "theoretical arrival
 * time" of the generic cell rate algorithm (ITU-T I.371). Thread-safe, without a lock where the key
 * is known.
 */
public final class LeakyBuckets<K> {
  private final BoundedCounters<K> emptyAt;
  private final long nanosToLeakOne;
  private final long nanosToLeakAll;

  /**
   * Empty buckets.
   *
   * @param maxKeys how many are remembered; the least recently used are forgotten first
   * @param capacity how many uses fit into one
   * @param nanosToLeakOne how long one use stays in it
   */
  public LeakyBuckets(int maxKeys, int capacity, long nanosToLeakOne) {
    this.emptyAt = new BoundedCounters<>(maxKeys, any -> true);
    this.nanosToLeakOne = nanosToLeakOne;
    this.nanosToLeakAll = Math.multiplyExact(capacity, nanosToLeakOne);
  }

  /**
   * Adds a use, if there is room for it.
   *
   * @param now the ticks of a ticker
   * @return 0 if it was added, else in how many nanoseconds there will be room
   */
  public long tryAdd(K key, long now) {
    long before = emptyAt.update(key, now, now, at -> excess(at, now) > 0 ? at : filled(at, now));
    return Math.max(0, excess(before, now));
  }

  /** Adds a use; what a full bucket cannot take is lost. */
  public void add(K key, long now) {
    emptyAt.update(key, now, now, at -> filled(at, now) - Math.max(0, excess(at, now)));
  }

  /** Whether there is no room for another use. */
  public boolean isFull(K key, long now) {
    return excess(emptyAt.get(key, now), now) > 0;
  }

  /** How many buckets are not empty; goes over all. */
  public int inUse(long now) {
    return emptyAt.count(at -> at - now > 0);
  }

  private long filled(long at, long now) {
    return (at - now > 0 ? at : now) + nanosToLeakOne;
  }

  private long excess(long at, long now) {
    return filled(at, now) - now - nanosToLeakAll;
  }
}
