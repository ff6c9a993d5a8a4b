package dev.podidentity.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.podidentity.AgentListener;
import dev.podidentity.credential.cache.CacheListener;
import dev.podidentity.credential.cache.CacheState;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.server.ServerListener;
import dev.podidentity.server.ServerLoad;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What an agent tells Prometheus. The three listeners go into the builders of the agent, of its
 * cache and of its server; {@link #watchCache} and {@link #watchAddresses} follow once these are
 * built. No label has a value that a pod can choose. Thread-safe.
 *
 * <p>{@code docs/operations.md} lists every metric and what it means.
 */
public final class AgentMetrics {
  private final PrometheusRegistry registry;
  private final Clock clock;
  private final RequestMetrics requests;
  private final CacheMetrics cache;
  private final HttpMetrics http;

  private AgentMetrics(PrometheusRegistry registry, Clock clock, Ticker ticker) {
    this.registry = requireNonNull(registry, "registry");
    this.clock = requireNonNull(clock, "clock");
    this.requests = new RequestMetrics(registry, ticker);
    this.cache = new CacheMetrics(registry);
    this.http = new HttpMetrics(registry);
  }

  /**
   * Registers the metrics of one agent.
   *
   * @param registry where they are registered; two agents need a registry each
   * @param clock what expiries are held against
   * @throws IllegalStateException if the registry has them already
   */
  @SuppressWarnings("exports") // not transitive: only users of this package need it
  public static AgentMetrics register(PrometheusRegistry registry, Clock clock) {
    return register(registry, clock, Ticker.system());
  }

  /**
   * The same, with another ticker than the system's.
   *
   * @param ticker what ages are measured by
   */
  @SuppressWarnings("exports")
  public static AgentMetrics register(PrometheusRegistry registry, Clock clock, Ticker ticker) {
    return new AgentMetrics(registry, clock, requireNonNull(ticker, "ticker"));
  }

  /** For the agent's builder. */
  public AgentListener agentListener() {
    return requests;
  }

  /** For the cache's builder. */
  public CacheListener cacheListener() {
    return cache;
  }

  /** For the server's builder. */
  public ServerListener serverListener() {
    return http;
  }

  /** Adds what the cache holds and does, read once at each scrape. */
  public void watchCache(Supplier<CacheState> state) {
    registry.register(new CacheGauges(requireNonNull(state, "state"), clock));
  }

  /**
   * Adds what clients do on the pods' port, read once at each scrape.
   *
   * @param load such as {@code PodIdentityServer::load}
   */
  public void watchLoad(Supplier<ServerLoad> load) {
    registry.register(new LoadMetrics(requireNonNull(load, "load")));
  }

  /**
   * Adds whether each address is served, read at each scrape.
   *
   * @param served for each address that the agent should listen on, whether it does
   */
  public void watchAddresses(Supplier<Map<String, Boolean>> served) {
    registry.register(new AddressGauge(requireNonNull(served, "served")));
  }

  /** Adds the versions of the program and of the JVM, as labels of a metric that is always 1. */
  public void build(String version, String javaVersion) {
    Info.builder()
        .name("pod_identity_build_info")
        .help("The versions of the agent and of the JVM that it runs on.")
        .labelNames("version", "java_version")
        .register(registry)
        .setLabelValues(version, javaVersion);
  }
}
