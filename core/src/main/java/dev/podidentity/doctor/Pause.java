package dev.podidentity.doctor;

import java.time.Duration;

/** How time is let pass between two attempts. */
@FunctionalInterface
interface Pause {
  /** Whether it was taken to its end. */
  boolean take(Duration duration);

  /** Has the thread sleep. */
  static Pause ofThread() {
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
