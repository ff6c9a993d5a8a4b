package dev.podidentity.credential;

import dev.podidentity.token.ServiceAccountToken;
import java.util.Optional;

/** A token that credentials were granted for, as {@link CredentialCache#accepted} found it. */
public interface AcceptedToken {
  /** The token; what it claims is true. */
  ServiceAccountToken token();

  /** Its pod, or the token itself if it is bound to none. */
  ClientKey client();

  /** Answers a request from the cache; empty if its credentials have too little life left. */
  Optional<TemporaryCredentials> credentials();
}
