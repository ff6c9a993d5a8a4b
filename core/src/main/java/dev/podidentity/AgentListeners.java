package dev.podidentity;

import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.Issuance;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several listeners as one. */
final class AgentListeners implements AgentListener {
  private static final Logger log = LoggerFactory.getLogger(AgentListeners.class);

  private final List<AgentListener> listeners;

  AgentListeners(List<AgentListener> listeners) {
    this.listeners = listeners;
  }

  @Override
  public void answered(
      CredentialRequest request, ServiceAccountToken token, Issuance issuance, Duration took) {
    tell(to -> to.answered(request, token, issuance, took));
  }

  @Override
  public void refused(Refusal refusal) {
    tell(to -> to.refused(refusal));
  }

  private void tell(Consumer<AgentListener> event) {
    for (AgentListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        log.atWarn().setCause(e).log("An agent listener failed");
      }
    }
  }
}
