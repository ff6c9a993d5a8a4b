package dev.podidentity;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;

/**
 * Is told what the agent decided: for metrics and for the audit trail. Called on the thread that
 * serves the request, so it must be quick; what it throws is logged and changes nothing.
 * Implementations are thread-safe.
 */
public interface AgentListener {
  /** Does nothing. */
  AgentListener NONE = new AgentListener() {};

  /** Credentials were answered. */
  default void answered(
      CredentialRequest request,
      ServiceAccountToken token,
      TemporaryCredentials credentials,
      Duration took) {}

  /** A request was refused or failed. */
  default void refused(CredentialRequest request, CredentialException failure, Duration took) {}
}
