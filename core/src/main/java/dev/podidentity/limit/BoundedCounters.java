package dev.podidentity.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/**
 * A number for each key, of a bounded number of keys. When there are too many, the least recently
 * used ones are forgotten, as far as their number allows it. A key that is there is found and
 * changed without a lock. Thread-safe.
 */
public final class BoundedCounters<K> {
  /** The number of a counter that has left the map. */
  private static final long FORGOTTEN = Long.MIN_VALUE;

  /** The least recently used are found together, since finding them goes over all. */
  private static final int PART_FOUND = 16;

  private static final class Counter extends AtomicLong {
    private static final long serialVersionUID = 1L;

    private final long addedAs;
    private volatile long usedAt;

    Counter(long value, long addedAs) {
      super(value);
      this.addedAs = addedAs;
    }
  }

  private record Aged<K>(K key, Counter counter, long usedAt) {}

  private final ConcurrentMap<K, Counter> counters = new ConcurrentHashMap<>();
  private final AtomicLong added = new AtomicLong();
  private final int maxKeys;
  private final LongPredicate forgettable;
  private final Object eviction = new Object();

  /** Those to be forgotten next, as far as they are not used again. */
  @GuardedBy("eviction")
  private final Deque<Aged<K>> oldest = new ArrayDeque<>();

  /**
   * No counters yet.
   *
   * @param maxKeys how many keys are remembered, more only where none can be forgotten
   * @param forgettable which numbers may be forgotten
   */
  public BoundedCounters(int maxKeys, LongPredicate forgettable) {
    this.maxKeys = maxKeys;
    this.forgettable = forgettable;
  }

  /**
   * Changes a number in one step.
   *
   * @param now the time, in the ticks of any ticker
   * @param first the number of a key that is not there
   * @param change the number that follows another one; may be asked again if another thread was
   *     faster
   * @return the number before the change
   */
  public long update(K key, long now, long first, LongUnaryOperator change) {
    while (true) {
      Counter counter = counter(key, now, first);
      long before = counter.get();
      if (before == FORGOTTEN) {
        counters.remove(key, counter);
        continue;
      }
      long after = change.applyAsLong(before);
      if (before == after || counter.compareAndSet(before, after)) {
        if (counter.usedAt != now) {
          counter.usedAt = now;
        }
        return before;
      }
    }
  }

  private Counter counter(K key, long now, long first) {
    Counter present = counters.get(key);
    if (present != null) {
      return present;
    }
    var created = new Counter(first, added.incrementAndGet());
    created.usedAt = now;
    Counter other = counters.putIfAbsent(key, created);
    if (counters.size() > maxKeys) {
      evict(now, created);
    }
    return other == null ? created : other;
  }

  /** The number of a key; {@code otherwise} if it is not there. */
  public long get(K key, long otherwise) {
    Counter counter = counters.get(key);
    long value = counter == null ? FORGOTTEN : counter.get();
    return value == FORGOTTEN ? otherwise : value;
  }

  /** How many keys have a number like this; goes over all. */
  public int count(LongPredicate wanted) {
    return (int) counters.values().stream().filter(counter -> wanted.test(counter.get())).count();
  }

  /** How many keys are remembered. */
  public int size() {
    return counters.size();
  }

  /** Makes something of each key and its number; goes over all. */
  public <T> Stream<T> map(BiFunction<K, Long, T> make) {
    return counters.entrySet().stream()
        .map(entry -> make.apply(entry.getKey(), entry.getValue().get()));
  }

  // Never the one that is about to be used, although its number is still the first one.
  private void evict(long now, Counter created) {
    synchronized (eviction) {
      if (counters.size() > maxKeys && oldest.isEmpty()) {
        oldest.addAll(findOldest(now, created));
      }
      while (counters.size() > maxKeys && !oldest.isEmpty()) {
        forget(oldest.remove());
      }
    }
  }

  private List<Aged<K>> findOldest(long now, Counter created) {
    return counters.entrySet().stream()
        .map(entry -> new Aged<>(entry.getKey(), entry.getValue(), entry.getValue().usedAt))
        .filter(aged -> aged.counter() != created && forgettable.test(aged.counter().get()))
        .sorted(
            Comparator.<Aged<K>>comparingLong(aged -> aged.usedAt() - now)
                .thenComparingLong(aged -> aged.counter().addedAs))
        .limit(Math.max(1, maxKeys / PART_FOUND))
        .toList();
  }

  // Not one that has been used since it was found.
  private void forget(Aged<K> aged) {
    Counter counter = aged.counter();
    long value = counter.get();
    if (counter.usedAt == aged.usedAt()
        && forgettable.test(value)
        && counter.compareAndSet(value, FORGOTTEN)) {
      counters.remove(aged.key(), counter);
    }
  }
}
