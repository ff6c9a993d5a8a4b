package dev.podidentity.examples.nodeagent;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.addon.configuration.AgentSettings;
import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.local.LocalAgentSource;
import dev.podidentity.token.TokenVerifier;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.eksauth.EksAuthClient;

/**
 * What the agents of local nodes ask: EKS Auth over HTTP, as on a real node, through one client and
 * with a cache for each agent.
 */
final class CachedEksAuth implements LocalAgentSource, AutoCloseable {
  private final String region;
  private @Nullable EksAuthClient client;

  CachedEksAuth(String region) {
    this.region = region;
  }

  @Override
  public CredentialSource open(LocalCluster cluster, URI endpoint, AgentSettings settings) {
    return CachingCredentialSource.builder(
            EksAuthCredentialSource.of(client(endpoint), cluster.name()))
        .settings(
            CacheSettings.builder()
                .retention(settings.retention())
                .maxEntries(settings.maxCacheSize())
                .renewalsPerSecond(settings.maxServiceQps())
                .build())
        .verifier(
            TokenVerifier.jwks(
                cluster.issuer(),
                cluster::jwks,
                cluster.clock(),
                PodIdentityAgent.DEFAULT_CLOCK_SKEW))
        .build();
  }

  private synchronized EksAuthClient client(URI endpoint) {
    if (client == null) {
      client =
          EksAuthClients.forNode()
              .endpoint(endpoint)
              .region(region)
              .credentials(
                  StaticCredentialsProvider.create(
                      AwsBasicCredentials.create("AKIA0LOCAL0NODE00000", "local-node")))
              .build();
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
