package dev.podidentity;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds each request against its sender's bucket first and the node's second, so that a sender who
 * is over his own limit takes nothing from the others. Thread-safe.
 */
final class RequestLimiter {
  /** Bounds what senders with many addresses can make the agent remember. */
  static final int MAX_BUCKETS = 10_000;

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final RequestLimits limits;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<Requester, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("lock")
  private @Nullable TokenBucket node;

  RequestLimiter(RequestLimits limits) {
    this.limits = limits;
  }

  /**
   * Returns if the request may go on.
   *
   * @throws CredentialException if its sender, or the node, is over the limit
   */
  void admit(Requester requester, Instant now) {
    Duration podWait;
    Duration nodeWait;
    synchronized (lock) {
      podWait = limits.podRate() == 0 ? Duration.ZERO : bucket(requester, now).take(now);
      nodeWait =
          limits.nodeRate() == 0 || !podWait.isZero() ? Duration.ZERO : nodeBucket(now).take(now);
    }
    if (!podWait.isZero()) {
      throw refusal(
          FailureReason.TOO_MANY_REQUESTS,
          "This pod asks for credentials more than "
              + limits.podRate()
              + " times a second: let one SDK client be shared, it keeps credentials for an hour",
          podWait);
    }
    if (!nodeWait.isZero()) {
      throw refusal(
          FailureReason.OVERLOADED,
          "The pods of this node ask for credentials more than "
              + limits.nodeRate()
              + " times a second: try again",
          nodeWait);
    }
  }

  // Retry-After counts whole seconds.
  private static CredentialException refusal(FailureReason reason, String message, Duration wait) {
    return new CredentialException(
        reason, message, null, wait.compareTo(SECOND) < 0 ? SECOND : wait, null);
  }

  @GuardedBy("lock")
  private TokenBucket bucket(Requester requester, Instant now) {
    TokenBucket present = buckets.get(requester);
    if (present != null) {
      return present;
    }
    if (buckets.size() >= MAX_BUCKETS) {
      Iterator<Requester> leastRecent = buckets.keySet().iterator();
      leastRecent.next();
      leastRecent.remove();
    }
    var bucket = new TokenBucket(limits.podRate(), limits.podBurst(), now);
    buckets.put(requester, bucket);
    return bucket;
  }

  @GuardedBy("lock")
  private TokenBucket nodeBucket(Instant now) {
    if (node == null) {
      node = new TokenBucket(limits.nodeRate(), limits.nodeBurst(), now);
    }
    return node;
  }
}
