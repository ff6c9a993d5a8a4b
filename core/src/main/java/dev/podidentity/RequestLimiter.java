package dev.podidentity;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.limit.LeakyBuckets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Holds each request against its client's bucket first and the node's second, so that a client that
 * is over its own limit takes nothing from the others. Thread-safe.
 */
final class RequestLimiter {
  /** Bounds what clients with many addresses can make the agent remember. */
  static final int MAX_BUCKETS = 10_000;

  private static final long NANOS_A_SECOND = 1_000_000_000L;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final RequestLimits limits;
  private final @Nullable LeakyBuckets<ClientKey> clients;
  private final @Nullable LeakyBuckets<ClientKey> node;

  RequestLimiter(RequestLimits limits) {
    this.limits = limits;
    this.clients = buckets(MAX_BUCKETS, limits.podRate(), limits.podBurst());
    this.node = buckets(1, limits.nodeRate(), limits.nodeBurst());
  }

  private static @Nullable LeakyBuckets<ClientKey> buckets(int max, int rate, int burst) {
    return rate == 0 ? null : new LeakyBuckets<>(max, burst, NANOS_A_SECOND / rate);
  }

  /**
   * Returns if the request may go on.
   *
   * @param now the ticks of a ticker
   * @throws CredentialException if its client, or the node, is over the limit
   */
  void admit(ClientKey client, long now) {
    long podWait = clients == null ? 0 : clients.tryAdd(client, now);
    if (podWait > 0) {
      throw refusal(
          FailureReason.TOO_MANY_REQUESTS,
          "This pod asks for credentials more than "
              + limits.podRate()
              + " times a second: let one SDK client be shared, it keeps credentials for an hour",
          podWait);
    }
    long nodeWait = node == null ? 0 : node.tryAdd(ClientKey.AGENT, now);
    if (nodeWait > 0) {
      throw refusal(
          FailureReason.OVERLOADED,
          "The pods of this node ask for credentials more than "
              + limits.nodeRate()
              + " times a second: try again",
          nodeWait);
    }
  }

  // Retry-After counts whole seconds.
  private static CredentialException refusal(FailureReason reason, String message, long wait) {
    var after = Duration.ofNanos(wait);
    return new CredentialException(
        reason, message, null, after.compareTo(SECOND) < 0 ? SECOND : after, null);
  }
}
