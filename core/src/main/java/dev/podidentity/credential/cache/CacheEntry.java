package dev.podidentity.credential.cache;

import dev.podidentity.credential.AssociationRef;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountRef;
import java.time.Instant;
import java.util.Optional;

/**
 * What the cache holds for a pod at one moment, for people who look for a fault. There is no secret
 * in it.
 *
 * @param serviceAccount the pod's service account
 * @param pod the pod; empty for a token that is bound to none
 * @param association the association by which it got credentials, where the source names it
 * @param obtainedAt when the credentials were obtained
 * @param expiresAt when they expire
 * @param nextRenewal when they are due to be renewed; empty if nobody has asked since they were, so
 *     that they are left to expire
 * @param lastError why the last renewal failed; empty once one succeeded
 */
public record CacheEntry(
    ServiceAccountRef serviceAccount,
    Optional<PodRef> pod,
    Optional<AssociationRef> association,
    Instant obtainedAt,
    Instant expiresAt,
    Optional<Instant> nextRenewal,
    Optional<RenewalError> lastError) {

  /**
   * A renewal that failed.
   *
   * @param at when
   * @param reason why
   * @param message what was said of it
   */
  public record RenewalError(Instant at, FailureReason reason, String message) {}

  static CacheEntry of(Entry entry, Optional<Instant> nextRenewal) {
    Grant grant = entry.grant();
    return new CacheEntry(
        grant.token().serviceAccount(),
        grant.token().pod(),
        grant.credentials().association(),
        Instant.ofEpochMilli(entry.obtainedAt()),
        grant.credentials().expiration(),
        nextRenewal,
        Optional.ofNullable(entry.lastError()));
  }
}
