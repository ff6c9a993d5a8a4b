package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;

/**
 * Places that are held for a time. One sender gets half of them at most: the others are there for
 * whoever comes, even if the first one never gives any back. Thread-safe.
 */
final class Shares {
  private final int places;
  private final int ofSender;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<Sender, Integer> bySender = new HashMap<>();

  @GuardedBy("lock")
  private int taken;

  Shares(int places) {
    this.places = places;
    this.ofSender = Math.max(1, places / 2);
  }

  /** Whether there was a place for this sender; if so, {@link #give} must follow. */
  boolean tryTake(Sender sender) {
    synchronized (lock) {
      boolean free =
          taken < places && (!sender.isKnown() || bySender.getOrDefault(sender, 0) < ofSender);
      if (free) {
        taken++;
        bySender.merge(sender, 1, Integer::sum);
      }
      return free;
    }
  }

  void give(Sender sender) {
    synchronized (lock) {
      taken--;
      bySender.computeIfPresent(sender, (holder, held) -> held == 1 ? null : held - 1);
    }
  }

  int taken() {
    synchronized (lock) {
      return taken;
    }
  }
}
