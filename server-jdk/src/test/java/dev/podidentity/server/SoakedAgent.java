package dev.podidentity.server;

import dev.podidentity.AgentListener;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.RequestLimits;
import dev.podidentity.audit.AuditLog;
import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.server.metrics.AgentMetrics;
import dev.podidentity.token.TokenVerifier;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.eksauth.EksAuthClient;

/** An agent with all that a node's has, which renews after seconds and not after hours. */
final class SoakedAgent implements AutoCloseable {
  private static final CacheSettings SETTINGS =
      CacheSettings.builder()
          .retention(Duration.ofSeconds(20))
          .renewalsPerSecond(50)
          .renewalRetry(Duration.ofSeconds(1))
          .maxThrottlePause(Duration.ofSeconds(2))
          .build();

  // All pods here have one address, on which those without an accepted token count together.
  private static final RequestLimits LIMITS = new RequestLimits(2_000, 5_000, 10_000, 10_000);

  /** Clients come from 127.0.0.1: none of them can have the agent's port while it restarts. */
  static final String HOST = "127.0.0.23";

  private static final AwsCredentialsProvider NODE =
      StaticCredentialsProvider.create(
          AwsBasicCredentials.create("AKIA0LOCAL0NODE00000", "LocalSecret/node"));

  private final EksAuthClient client;
  private final AuditLog audit = AuditLog.create();
  private final CachingCredentialSource cache;
  private final PodIdentityServer server;

  private SoakedAgent(
      int port, URI eksAuth, UnaryOperator<CredentialSource> between, TokenVerifier verifier)
      throws ListenException {
    client =
        EksAuthClients.forNode().endpoint(eksAuth).region("us-west-2").credentials(NODE).build();
    var metrics = AgentMetrics.register(new PrometheusRegistry(), Clock.systemUTC());
    cache =
        CachingCredentialSource.builder(
                between.apply(EksAuthCredentialSource.of(client, "my-cluster")))
            .settings(SETTINGS)
            .verifier(verifier)
            .listener(metrics.cacheListener())
            .build();
    server =
        PodIdentityServer.builder(
                PodIdentityAgent.builder()
                    .bindingRules(BindingRules.parse(List.of(HOST)))
                    .source(cache)
                    .requestLimits(LIMITS)
                    .listener(AgentListener.all(metrics.agentListener(), audit))
                    .build())
            .port(port)
            .listener(metrics.serverListener())
            .drainTimeout(Duration.ofSeconds(5))
            .start();
  }

  /**
   * Starts an agent.
   *
   * @param port where it listens; 0 takes a free port
   * @param eksAuth the EKS Auth that it asks
   * @param between stands between the cache and EKS Auth
   * @param verifier verifies rotated tokens
   */
  static SoakedAgent start(
      int port, URI eksAuth, UnaryOperator<CredentialSource> between, TokenVerifier verifier)
      throws ListenException {
    return new SoakedAgent(port, eksAuth, between, verifier);
  }

  InetSocketAddress address() {
    return server.addresses().get(0);
  }

  int entries() {
    return cache.state().entries();
  }

  @Override
  public void close() {
    server.close();
    cache.close();
    client.close();
    audit.close();
  }
}
