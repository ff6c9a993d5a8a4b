package dev.podidentity;

import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.Issuance;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.List;

/**
 * Is told what the agent decided: for metrics and for the audit trail. Called on the thread that
 * serves the request, so it must be quick; what it throws is logged and changes nothing.
 * Implementations are thread-safe.
 */
public interface AgentListener {
  /** Does nothing. */
  AgentListener NONE = new AgentListener() {};

  /**
   * Credentials were answered.
   *
   * @param request what was asked
   * @param token the token, which the source has accepted: its claims are true
   * @param issuance the credentials, and where they came from
   * @param took how long the agent worked on it
   */
  default void answered(
      CredentialRequest request, ServiceAccountToken token, Issuance issuance, Duration took) {}

  /** A request was refused or failed. */
  default void refused(Refusal refusal) {}

  /** Tells each of these in turn; one that throws keeps nothing from the others. */
  static AgentListener all(AgentListener... listeners) {
    return new AgentListeners(List.of(listeners));
  }
}
