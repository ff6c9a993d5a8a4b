package dev.podidentity.server;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** What classes of an {@link InstrumentingLoader} tell. */
public final class Observations {
  private static final ConcurrentMap<String, LongAdder> LOCKED = new ConcurrentHashMap<>();
  private static final Set<String> FILES = ConcurrentHashMap.newKeySet();

  private Observations() {}

  /** A method of this class begins. */
  public static void entered(String className) {
    int nested = className.indexOf('$');
    FILES.add(nested < 0 ? className : className.substring(0, nested));
  }

  /** This method takes a lock. What looks after the cache each second is no part of a request. */
  public static void locked(String method) {
    if (Thread.currentThread().getName().equals("pod-identity-watchdog")) {
      return;
    }
    LOCKED.computeIfAbsent(method, name -> new LongAdder()).increment();
  }

  static void forget() {
    LOCKED.clear();
    FILES.clear();
  }

  /** How often each method has taken a lock. */
  static Map<String, Long> locks() {
    var locks = new TreeMap<String, Long>();
    LOCKED.forEach((method, count) -> locks.put(method, count.sum()));
    return locks;
  }

  /** The top-level classes whose code ran, of the library and of the tests. */
  static Set<String> files() {
    return new TreeSet<>(FILES);
  }
}
