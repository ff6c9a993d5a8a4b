package dev.podidentity.doctor;

import java.time.Duration;

/** Waits between two attempts. */
@FunctionalInterface
interface Sleeper {
  /** Whether it slept as long; false if it was interrupted. */
  boolean sleep(Duration duration);

  /** The calling thread sleeps. */
  static Sleeper ofThread() {
    return duration -> {
      try {
        Thread.sleep(duration.toMillis());
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    };
  }
}
