package dev.podidentity.server.local;

import dev.podidentity.addon.configuration.AgentSettings;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.local.LocalCluster;
import java.net.URI;

/** Opens what the agents of local nodes ask for credentials. Implementations are thread-safe. */
@FunctionalInterface
public interface LocalAgentSource {
  /**
   * What one agent is to ask. A source that is {@link AutoCloseable} is closed when its agent has
   * ended.
   *
   * @param cluster the cluster that the agent's node belongs to
   * @param endpoint where EKS Auth answers
   * @param settings the agent's settings
   */
  CredentialSource open(LocalCluster cluster, URI endpoint, AgentSettings settings);
}
