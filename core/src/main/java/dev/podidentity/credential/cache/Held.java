package dev.podidentity.credential.cache;

import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an entry holds at one moment: the credentials, and the tokens that were accepted for them.
 * While the kubelet replaces a token, parts of a pod still use the one before, so that one is kept
 * as long as it is valid.
 *
 * @param credentials the pod's credentials
 * @param token the accepted token that lives longest: renewals use it
 * @param previous the one accepted before it
 * @param servedUntil when the credentials have too little life left, in milliseconds of the epoch
 */
record Held(
    TemporaryCredentials credentials,
    ServiceAccountToken token,
    @Nullable ServiceAccountToken previous,
    long servedUntil) {

  static Held first(TemporaryCredentials credentials, ServiceAccountToken token) {
    return new Held(credentials, token, null, servedUntil(credentials));
  }

  private static long servedUntil(TemporaryCredentials credentials) {
    return credentials.expiration().minus(CacheSettings.MIN_REMAINING_LIFE).toEpochMilli();
  }

  /** The tokens that were accepted and are kept. */
  List<ServiceAccountToken> tokens() {
    return previous == null ? List.of(token) : List.of(token, previous);
  }

  boolean isGood(long now) {
    return now <= servedUntil;
  }

  boolean accepts(ServiceAccountToken candidate, long now) {
    return knows(candidate) && isAlive(candidate, now);
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

  Held withToken(ServiceAccountToken accepted) {
    if (knows(accepted)) {
      return this;
    }
    return accepted.expiresAt().isBefore(token.expiresAt())
        ? new Held(credentials, token, accepted, servedUntil)
        : new Held(credentials, accepted, token, servedUntil);
  }

  // A pod has one service account for life: under another one, nothing from before is believed.
  Held with(ServiceAccountToken accepted, TemporaryCredentials answered) {
    if (!isOfSameAccount(accepted)) {
      return first(answered, accepted);
    }
    Held next = withToken(accepted);
    return new Held(answered, next.token, next.previous, servedUntil(answered));
  }

  boolean knows(ServiceAccountToken candidate) {
    return token.equals(candidate) || candidate.equals(previous);
  }

  private static boolean isAlive(ServiceAccountToken token, long now) {
    return now < token.expiresAt().toEpochMilli();
  }
}
