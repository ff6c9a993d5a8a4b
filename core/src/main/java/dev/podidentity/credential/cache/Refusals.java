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
 * The refusals of a moment ago, each for its very token. Whoever sends refused tokens chooses what
 * is kept here, so there is little of it. Thread-safe.
 */
final class Refusals {
  static final int MAX_TOKENS = 512;

  private record Refusal(CredentialException failure, long until) {}

  private final long memory;
  private final Object lock = new Object();

  // All are kept equally long: the oldest is the first to be forgotten.
  @GuardedBy("lock")
  private final Map<String, Refusal> byToken = new LinkedHashMap<>();

  Refusals(Duration memory) {
    this.memory = memory.toMillis();
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
      boolean over = isOver(oldest.next(), now);
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
      return refusal == null || isOver(refusal, now) ? null : refusal.failure();
    }
  }

  // What is to be remembered for longer than anything was is left of a clock that was set back.
  private boolean isOver(Refusal refusal, long now) {
    return refusal.until() <= now || refusal.until() - now > memory;
  }
}
