package dev.podidentity.credential;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.ServiceAccountToken;
import java.util.Optional;

/** Asks its source each time. */
final class NoCache implements CredentialCache {
  private final CredentialSource source;

  NoCache(CredentialSource source) {
    this.source = requireNonNull(source, "source");
  }

  @Override
  public TemporaryCredentials fetch(ServiceAccountToken token) {
    return source.fetch(token);
  }

  @Override
  public Issuance fetch(ServiceAccountToken token, ClientKey client) {
    return Issuance.fresh(fetch(token));
  }

  @Override
  public Optional<AcceptedToken> accepted(String text) {
    return Optional.empty();
  }
}
