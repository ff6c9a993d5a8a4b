package dev.podidentity.credential;

import dev.podidentity.token.ServiceAccountToken;

/**
 * Exchanges a pod's service account token for temporary AWS credentials.
 *
 * <p>A source decides for itself whether the token is genuine, or asks somebody who does (EKS
 * Auth): its caller has not verified anything. It keeps nothing for a next time, which is the
 * cache's work. Implementations are thread-safe and may block; they bound how long.
 */
@FunctionalInterface
public interface CredentialSource {
  /**
   * Credentials for the pod that the token belongs to, fetched now.
   *
   * @throws CredentialException if there are none, with the reason
   */
  TemporaryCredentials fetch(ServiceAccountToken token);
}
