package dev.podidentity.credential.cache;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.limit.LeakyBuckets;
import java.util.concurrent.TimeUnit;

/**
 * Calls that failed through the fault of the clients whose tokens they were for: a few at once, and
 * one a second in the long run. Without that, one pod's forged tokens use up the calls to EKS Auth
 * that the whole account may make. Times are nanoseconds of a ticker. Thread-safe.
 */
final class InvalidTokenBackoff {
  /** The kubelet never writes a token that is refused as invalid. */
  static final int AT_ONCE = 20;

  private static final int MAX_CLIENTS = 1024;
  private static final long NANOS_FOR_ONE_MORE = TimeUnit.SECONDS.toNanos(1);

  private final LeakyBuckets<ClientKey> calls =
      new LeakyBuckets<>(MAX_CLIENTS, AT_ONCE, NANOS_FOR_ONE_MORE);

  /** Whether a client has used up its calls for the moment. */
  boolean holdsBack(ClientKey client, long now) {
    return calls.isFull(client, now);
  }

  /** A call for this client has failed; in a chain, one source's word is enough. */
  void failed(ClientKey client, CredentialException failure, long now) {
    boolean counts = failure.reasons().stream().anyMatch(FailureReason::countsAgainstClient);
    if (counts && !client.equals(ClientKey.AGENT)) {
      calls.add(client, now);
    }
  }
}
