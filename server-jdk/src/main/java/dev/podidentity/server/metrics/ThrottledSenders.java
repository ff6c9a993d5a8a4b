package dev.podidentity.server.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.Refusal;
import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many have asked too often of late. Thread-safe. */
final class ThrottledSenders {
  static final Duration MEMORY = Duration.ofMinutes(5);

  /** Bounds what senders with many addresses can make this remember. */
  static final int MAX_SENDERS = 1000;

  private final Clock clock;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<String, Instant> lastSeen = new LinkedHashMap<>(16, 0.75f, true);

  ThrottledSenders(Clock clock) {
    this.clock = clock;
  }

  void add(Refusal refusal) {
    String sender = sender(refusal);
    Instant now = clock.instant();
    synchronized (lock) {
      lastSeen.put(sender, now);
      forget(now);
    }
  }

  int count() {
    Instant now = clock.instant();
    synchronized (lock) {
      forget(now);
      return lastSeen.size();
    }
  }

  // Where the token was not accepted, the address is all that is known.
  private static String sender(Refusal refusal) {
    return refusal
        .token()
        .filter(token -> refusal.accepted())
        .flatMap(ServiceAccountToken::pod)
        .map(PodRef::uid)
        .orElseGet(() -> refusal.request().client().getHostAddress());
  }

  @GuardedBy("lock")
  private void forget(Instant now) {
    Instant oldest = now.minus(MEMORY);
    Iterator<Instant> leastRecent = lastSeen.values().iterator();
    while (leastRecent.hasNext()) {
      boolean over = leastRecent.next().isBefore(oldest);
      if (!over && lastSeen.size() <= MAX_SENDERS) {
        return;
      }
      leastRecent.remove();
    }
  }
}
