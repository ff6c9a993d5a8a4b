package dev.podidentity.schedule;

/**
 * Measures ages and waits. Unlike a clock it is never set, neither forth nor back. Implementations
 * are thread-safe.
 */
@FunctionalInterface
public interface Ticker {
  /** Nanoseconds since a moment that stays the same; only differences have a meaning. */
  long read();

  /** The JVM's own, {@link System#nanoTime}. */
  static Ticker system() {
    return System::nanoTime;
  }
}
