package dev.podidentity.association;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;

/**
 * Makes the credentials of an association's role for a pod whose token has been verified.
 * Implementations are thread-safe.
 */
@FunctionalInterface
public interface RoleCredentialIssuer {
  /**
   * Credentials of the association's role.
   *
   * @param association the association that the pod's service account has
   * @param token the pod's token, already verified
   * @throws CredentialException if they cannot be made
   */
  TemporaryCredentials issue(PodIdentityAssociation association, ServiceAccountToken token);

  /**
   * An issuer of credentials that look like AWS' and are good for nothing: their access key ids
   * start with {@value SyntheticCredentialIssuer#KEY_ID_PREFIX}, which AWS' alphabet does not hold.
   *
   * @param clock the time that they are issued at
   * @param lifetime how long they live
   */
  static RoleCredentialIssuer synthetic(Clock clock, Duration lifetime) {
    return new SyntheticCredentialIssuer(clock, lifetime);
  }
}
