package dev.podidentity.credential.cache;

import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Credentials, and the tokens that were accepted for them. While the kubelet replaces a token,
 * parts of a pod still use the one before, so that one is kept as long as it is valid. Immutable.
 *
 * @param credentials the pod's credentials
 * @param token the accepted token that lives longest: renewals use it
 * @param previous the one accepted before it
 * @param servedUntil when the credentials have too little life left, in milliseconds of the epoch
 */
record Grant(
    TemporaryCredentials credentials,
    ServiceAccountToken token,
    @Nullable ServiceAccountToken previous,
    long servedUntil) {

  static Grant first(TemporaryCredentials credentials, ServiceAccountToken token) {
    return new Grant(credentials, token, null, servedUntil(credentials));
  }

  private static long servedUntil(TemporaryCredentials credentials) {
    return credentials.expiration().minus(CacheSettings.MIN_REMAINING_LIFE).toEpochMilli();
  }

  /** The tokens that were accepted and are kept. */
  List<ServiceAccountToken> tokens() {
    return previous == null ? List.of(token) : List.of(token, previous);
  }

  /** Whether the credentials have enough life left to be served. */
  boolean isServedAt(long now) {
    return now <= servedUntil;
  }

  boolean accepts(ServiceAccountToken candidate, long now) {
    return holds(candidate) && isAlive(candidate, now);
  }

  boolean hasLiveToken(long now) {
    return isAlive(token, now);
  }

  /** Whether the token speaks for the service account that these credentials belong to. */
  boolean isOfSameAccount(ServiceAccountToken other) {
    return sameAccount(token, other);
  }

  static boolean sameAccount(ServiceAccountToken one, ServiceAccountToken other) {
    Optional<String> uid = one.serviceAccountUid();
    return one.serviceAccount().equals(other.serviceAccount())
        && uid.equals(other.serviceAccountUid());
  }

  Grant withToken(ServiceAccountToken accepted) {
    if (holds(accepted)) {
      return this;
    }
    return accepted.expiresAt().isBefore(token.expiresAt())
        ? new Grant(credentials, token, accepted, servedUntil)
        : new Grant(credentials, accepted, token, servedUntil);
  }

  // A pod has one service account for life: under another one, nothing from before is believed.
  Grant with(ServiceAccountToken accepted, TemporaryCredentials answered) {
    if (!isOfSameAccount(accepted)) {
      return first(answered, accepted);
    }
    Grant next = withToken(accepted);
    return new Grant(answered, next.token, next.previous, servedUntil(answered));
  }

  boolean holds(ServiceAccountToken candidate) {
    return token.equals(candidate) || candidate.equals(previous);
  }

  private static boolean isAlive(ServiceAccountToken token, long now) {
    return now < token.expiresAt().toEpochMilli();
  }
}
