package dev.podidentity.server;

import dev.podidentity.AgentListener;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.RequestLimits;
import dev.podidentity.audit.AuditLog;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.schedule.Scheduler;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.server.metrics.AgentMetrics;
import dev.podidentity.token.ServiceAccountToken;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * An agent with all that a node's has, to be loaded by an {@link InstrumentingLoader}: what is seen
 * of it from outside are the JDK's types.
 */
final class ObservedAgent implements Callable<InetSocketAddress>, AutoCloseable {
  /** What happens every second, whether somebody asks or not, is no part of a request. */
  private static final Scheduler NEVER = (task, delay) -> () -> {};

  /** Nor is what the first request after such a second does in its place. */
  private static final Ticker STILL = () -> 0;

  private final AuditLog audit = AuditLog.create();
  private final CachingCredentialSource cache;
  private final PodIdentityServer server;

  ObservedAgent() throws ListenException {
    var metrics = AgentMetrics.register(new PrometheusRegistry(), Clock.systemUTC());
    cache =
        CachingCredentialSource.builder(ObservedAgent::credentials)
            .listener(metrics.cacheListener())
            .executor(Runnable::run)
            .scheduler(NEVER)
            .ticker(STILL)
            .build();
    server =
        PodIdentityServer.builder(
                PodIdentityAgent.builder()
                    .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
                    .source(cache)
                    .requestLimits(RequestLimits.defaults())
                    .listener(AgentListener.all(metrics.agentListener(), audit))
                    .build())
            .port(0)
            .scheduler(NEVER)
            .listener(metrics.serverListener())
            .start();
  }

  private static TemporaryCredentials credentials(ServiceAccountToken token) {
    return TemporaryCredentials.builder()
        .accessKeyId("ASIAEXAMPLE")
        .secretAccessKey("secret")
        .sessionToken("session of " + token.serviceAccount())
        .accountId("111122223333")
        .expiration(Clock.systemUTC().instant().plus(Duration.ofHours(6)))
        .build();
  }

  @Override
  public InetSocketAddress call() {
    return server.addresses().get(0);
  }

  @Override
  public void close() {
    server.close();
    cache.close();
    audit.close();
  }
}
