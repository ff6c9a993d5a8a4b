package dev.podidentity.examples.nodeagent;

import dev.podidentity.AgentListener;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers what the agent answered, by access key id. */
final class Issuances implements AgentListener {
  private final Map<String, TemporaryCredentials> byAccessKeyId = new ConcurrentHashMap<>();

  @Override
  public void answered(
      CredentialRequest request, ServiceAccountToken token, Issuance issuance, Duration took) {
    TemporaryCredentials credentials = issuance.credentials();
    byAccessKeyId.put(credentials.accessKeyId(), credentials);
  }

  Optional<TemporaryCredentials> find(String accessKeyId) {
    return Optional.ofNullable(byAccessKeyId.get(accessKeyId));
  }
}
