package dev.podidentity;

import static java.util.Objects.requireNonNull;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.Optional;

/**
 * A request that was refused or failed. {@code toString} holds no secret.
 *
 * @param request what was asked
 * @param token what the request's token claims; empty if it has none that can be read
 * @param accepted whether the token was accepted before and its claims are true; until then they
 *     are what somebody said, and may name any pod
 * @param failure why there are no credentials
 * @param took how long the agent worked on it
 */
public record Refusal(
    CredentialRequest request,
    Optional<ServiceAccountToken> token,
    boolean accepted,
    CredentialException failure,
    Duration took) {
  /** Names a refusal. */
  public Refusal {
    requireNonNull(request, "request");
    requireNonNull(token, "token");
    requireNonNull(failure, "failure");
    requireNonNull(took, "took");
  }

  /** The client that it counts for: the pod, or the address where no pod's token was accepted. */
  public ClientKey client() {
    return accepted && token.flatMap(ServiceAccountToken::pod).isPresent()
        ? ClientKey.of(token.get())
        : ClientKey.at(request.client());
  }
}
