package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refusals, each for its very token, for a moment. A client that sends refused tokens chooses what
 * is kept here, so there is little of it. Times are nanoseconds of a ticker. Thread-safe.
 */
final class NegativeCache {
  static final int MAX_TOKENS = 512;

  private record Refusal(CredentialException failure, long until) {}

  private final long memory;
  private final Object lock = new Object();

  // All are kept equally long: the oldest is the first to be forgotten.
  @GuardedBy("lock")
  private final Map<String, Refusal> byToken = new LinkedHashMap<>();

  NegativeCache(Duration memory) {
    this.memory = memory.toNanos();
  }

  void remember(ServiceAccountToken token, CredentialException failure, long now) {
    if (memory == 0) {
      return;
    }
    synchronized (lock) {
      byToken.remove(token.value());
      forget(now);
      byToken.put(token.value(), new Refusal(failure, now + memory));
    }
  }

  @GuardedBy("lock")
  private void forget(long now) {
    Iterator<Refusal> oldest = byToken.values().iterator();
    while (oldest.hasNext()) {
      boolean over = oldest.next().until() - now <= 0;
      if (!over && byToken.size() < MAX_TOKENS) {
        return;
      }
      oldest.remove();
    }
  }

  @Nullable CredentialException find(ServiceAccountToken token, long now) {
    if (memory == 0) {
      return null;
    }
    synchronized (lock) {
      Refusal refusal = byToken.get(token.value());
      return refusal == null || refusal.until() - now <= 0 ? null : refusal.failure();
    }
  }
}
