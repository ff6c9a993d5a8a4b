package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.token.ServiceAccountToken;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fetches under way: one for a token. For each pod that is claimed, the first of its fetches is
 * known too, for tokens that turn out to be that pod's. Thread-safe.
 */
final class InFlightFetches {
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<String, Fetch> byToken = new HashMap<>();

  @GuardedBy("lock")
  private final Map<ClientKey, Fetch> firstOfPod = new HashMap<>();

  @GuardedBy("lock")
  private boolean closed;

  /**
   * The fetch of a token.
   *
   * @param fetch the fetch; null once closed
   * @param started whether it was started by this very request
   */
  record Joined(@Nullable Fetch fetch, boolean started) {}

  /** Joins the fetch of the token that is under way, or else starts a new one. */
  Joined joinOrStart(ServiceAccountToken token, Supplier<Fetch> create) {
    synchronized (lock) {
      Fetch present = closed ? null : byToken.get(token.value());
      if (closed || present != null) {
        return new Joined(present, false);
      }
      Fetch fetch = create.get();
      byToken.put(token.value(), fetch);
      firstOfPod.putIfAbsent(fetch.pod(), fetch);
      return new Joined(fetch, true);
    }
  }

  /** Another fetch that claims the same pod. */
  @Nullable Fetch otherOfPod(Fetch fetch) {
    synchronized (lock) {
      Fetch first = firstOfPod.get(fetch.pod());
      return first == fetch ? null : first;
    }
  }

  /** Those whose last step began before this time of the ticker. */
  List<Fetch> notMovedSince(long time) {
    synchronized (lock) {
      return byToken.values().stream().filter(fetch -> fetch.movedAt() - time <= 0).toList();
    }
  }

  void remove(Fetch fetch) {
    synchronized (lock) {
      byToken.remove(fetch.token().value(), fetch);
      firstOfPod.remove(fetch.pod(), fetch);
    }
  }

  int size() {
    synchronized (lock) {
      return byToken.size();
    }
  }

  int waiters() {
    synchronized (lock) {
      return byToken.values().stream().mapToInt(Fetch::waiters).sum();
    }
  }

  /** Takes all fetches out and lets none in any more. */
  Collection<Fetch> close() {
    synchronized (lock) {
      closed = true;
      List<Fetch> all = List.copyOf(byToken.values());
      byToken.clear();
      firstOfPod.clear();
      return all;
    }
  }
}
