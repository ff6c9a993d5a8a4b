package dev.podidentity.server;

import com.sun.net.httpserver.spi.HttpServerProvider;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.association.RoleArn;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A local cluster and an agent over it on the loopback addresses. */
final class AgentFixture implements AutoCloseable {
  static final ServiceAccountRef SERVICE_ACCOUNT =
      new ServiceAccountRef("default", "my-service-account");

  final MovableClock clock = MovableClock.startingAt(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  final LocalCluster cluster = LocalCluster.builder().clock(clock).build();
  final PodIdentityServer server;

  private AgentFixture(
      CredentialSourceFactory source,
      @Nullable Clock agentClock,
      @Nullable HttpServerProvider provider,
      @Nullable ServerBudget budget)
      throws ListenException {
    cluster
        .associations()
        .create(SERVICE_ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
    var builder =
        PodIdentityServer.builder(
                PodIdentityAgent.builder()
                    .bindingRules(BindingRules.parse(List.of("127.0.0.1", "[::1]?auto")))
                    .source(source.over(cluster))
                    .clock(agentClock == null ? clock : agentClock)
                    .build())
            .port(0);
    if (budget != null) {
      builder.budget(budget);
    }
    server = (provider == null ? builder : builder.provider(provider)).start();
  }

  static AgentFixture withLocalCredentials() throws ListenException {
    return new AgentFixture(LocalCluster::credentials, null, null, null);
  }

  static AgentFixture withLocalCredentials(@Nullable HttpServerProvider provider)
      throws ListenException {
    return new AgentFixture(LocalCluster::credentials, null, provider, null);
  }

  static AgentFixture over(CredentialSource source) throws ListenException {
    return over(source, null);
  }

  static AgentFixture over(CredentialSource source, @Nullable HttpServerProvider provider)
      throws ListenException {
    return new AgentFixture(cluster -> source, null, provider, null);
  }

  /** An agent that lives in real time, on servers that this provider makes. */
  static AgentFixture of(CredentialSourceFactory source, @Nullable HttpServerProvider provider)
      throws ListenException {
    return of(source, provider, null);
  }

  /** The same, within a budget. */
  static AgentFixture of(
      CredentialSourceFactory source,
      @Nullable HttpServerProvider provider,
      @Nullable ServerBudget budget)
      throws ListenException {
    return new AgentFixture(source, Clock.systemUTC(), provider, budget);
  }

  interface CredentialSourceFactory {
    CredentialSource over(LocalCluster cluster);
  }

  InetSocketAddress ipv4() {
    return server.addresses().get(0);
  }

  String token() {
    return cluster.projectedToken(cluster.startPod(SERVICE_ACCOUNT, "my-pod"));
  }

  RawHttp.Response get(String... headers) throws IOException {
    String[] lines = new String[headers.length + 1];
    lines[0] = "GET /v1/credentials HTTP/1.1";
    System.arraycopy(headers, 0, lines, 1, headers.length);
    return RawHttp.exchange(ipv4(), lines);
  }

  @Override
  public void close() {
    server.close();
  }
}
