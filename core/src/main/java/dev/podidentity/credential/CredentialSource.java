package dev.podidentity.credential;

import dev.podidentity.token.ServiceAccountToken;
import java.net.InetAddress;
import java.util.Optional;

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

  /**
   * The same as {@link #fetch}, with where the credentials came from: made now, unless a source
   * keeps some.
   *
   * @throws CredentialException if there are none, with the reason
   */
  default Issuance issue(ServiceAccountToken token) {
    return Issuance.fresh(fetch(token));
  }

  /**
   * The same as {@link #issue(ServiceAccountToken)} for a client that is known by its address,
   * which is all that can be believed of a client whose token nobody has accepted yet: a source
   * that lets requests wait is fair between addresses.
   *
   * @throws CredentialException if there are none, with the reason
   */
  default Issuance issue(ServiceAccountToken token, InetAddress client) {
    return issue(token);
  }

  /**
   * Whether this very token, letter by letter, has been accepted before and what it claims can
   * therefore be believed. Never blocks. {@code false} unless a source remembers tokens.
   */
  default boolean hasAccepted(ServiceAccountToken token) {
    return false;
  }

  /**
   * The token that {@link #hasAccepted} is true for and whose text this is, letter by letter: who
   * has it need not read the text again. Never blocks. Empty unless a source remembers tokens.
   *
   * @param text what somebody sent as a token
   */
  default Optional<ServiceAccountToken> acceptedToken(String text) {
    return Optional.empty();
  }
}
