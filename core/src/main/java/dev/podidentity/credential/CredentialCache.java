package dev.podidentity.credential;

import dev.podidentity.token.ServiceAccountToken;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A source that keeps credentials, and remembers the tokens that they were granted for. An agent
 * that is given one answers known tokens without reading them again, and counts their requests for
 * their pods. Implementations are thread-safe.
 */
public interface CredentialCache extends CredentialSource {
  /**
   * The token with exactly this text, if credentials were granted for it and it has not expired:
   * its claims are true, and nobody needs to read the text again. Never blocks.
   *
   * @param text what a client sent as its token
   */
  Optional<AcceptedToken> accepted(String text);

  /**
   * The same as {@link #fetch} for a certain client, with where the credentials came from.
   *
   * @param client what the request counts for while the token has not been accepted: requests that
   *     wait are served in turn of their clients
   * @throws CredentialException if there are none, with the reason
   */
  Issuance fetch(ServiceAccountToken token, ClientKey client);

  /**
   * The same as {@link #fetch(ServiceAccountToken, ClientKey)}, for a caller that need not wait on
   * its thread. A cache that can lets it go; this default blocks.
   *
   * @return completes exceptionally with a {@link CredentialException} if there are none; what
   *     depends on it runs on the thread that completes it, and must not block there
   */
  default CompletableFuture<Issuance> request(ServiceAccountToken token, ClientKey client) {
    try {
      return CompletableFuture.completedFuture(fetch(token, client));
    } catch (CredentialException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The source itself if it is a cache, else one in front of it that keeps nothing. */
  static CredentialCache of(CredentialSource source) {
    return source instanceof CredentialCache cache ? cache : new NoCache(source);
  }
}
