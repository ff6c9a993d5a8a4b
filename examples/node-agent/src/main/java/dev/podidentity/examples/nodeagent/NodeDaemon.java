package dev.podidentity.examples.nodeagent;

import dev.podidentity.AgentListener;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.RequestLimits;
import dev.podidentity.audit.AuditLog;
import dev.podidentity.awssdk.eksauth.NodeCredentials;
import dev.podidentity.awssdk.eksauth.NodeCredentialsCheck;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindHost;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.binding.IpLiteral;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.cache.CacheListener;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.kubernetes.ApiServer;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.server.PodIdentityServer;
import dev.podidentity.server.ServerBudget;
import dev.podidentity.server.operations.AddressReadiness;
import dev.podidentity.server.operations.CacheReadiness;
import dev.podidentity.server.operations.OperationsServer;
import dev.podidentity.server.operations.Probes;
import dev.podidentity.server.operations.SourceReadiness;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent of a node, from its flags. The constructor reads every flag and opens nothing, so that
 * what makes no sense is refused before anything has happened; {@link #start} opens the parts in
 * order, each with what it needs of the earlier ones; {@link #close} closes them in reverse.
 *
 * <p>A further part takes a field for its settings, a method that opens it through {@link
 * Parts#open}, and a line in {@link #start}.
 */
final class NodeDaemon implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeDaemon.class);

  private final NodeCredentials ownCredentials;
  private final BindingRules bindingRules;
  private final int port;
  private final CacheSettings cacheSettings;
  private final RequestLimits requestLimits;
  private final int probePort;
  private final boolean debugEntries;
  private final InetSocketAddress metricsAddress;
  private final Optional<TokenVerifier> verifier;
  private final Sources sources;
  private final Optional<PodLivenessOptions.Watch> podLiveness;
  private final Duration drainTimeout;
  private final SourceReadiness sourceReadiness;
  private final Clock clock = Clock.systemUTC();
  private final NodeMetrics metrics = new NodeMetrics(clock);
  private final Parts parts = new Parts();
  private final ServerBudget budget;

  /**
   * A daemon that has not started.
   *
   * @throws BadFlagException if a flag, or flags together, make no sense
   */
  NodeDaemon(ServerOptions options) {
    ownCredentials = options.ownCredentials.credentials();
    bindingRules = options.addresses.bindingRules();
    port = options.addresses.port();
    // Each address, and the metrics.
    budget = ServerBudget.ofThisProcess(bindingRules.hosts().size() + 1);
    cacheSettings = options.cache.cacheSettings();
    requestLimits = options.cache.requestLimits();
    probePort = options.probes.probePort();
    debugEntries = options.probes.debugEntries();
    metricsAddress = options.metrics.address();
    Map<String, String> environment = System.getenv();
    Optional<ApiServer> apiServer = options.tokens.apiServer(environment);
    verifier = options.tokens.verifier(apiServer, clock);
    sources = Sources.of(options, verifier, environment, clock);
    podLiveness = options.podLiveness.watch(apiServer, environment);
    drainTimeout = options.stopping.drainTimeout();
    options.requireDistinctPorts();
    sourceReadiness = SourceReadiness.of(Ticker.system(), SourceReadiness.DEFAULT_PATIENCE);
  }

  /**
   * Opens the parts; what was opened before one failed is for {@link #close} to close.
   *
   * @throws IOException if an address cannot be had
   */
  void start() throws IOException {
    CredentialSource source = sources.open(parts, parts.open(ownCredentials));
    CachingCredentialSource cache = cache(source);
    PodIdentityAgent agent = agent(cache);
    PodIdentityServer server = server(agent);
    watch(cache, agent, server);
    Probes probes = probes(server, cache);
    probeServer(probes, cache);
    metricsServer(probes);
    announce(server);
  }

  private CachingCredentialSource cache(CredentialSource source) {
    var cache =
        CachingCredentialSource.builder(source)
            .settings(cacheSettings)
            .listener(
                CacheListener.all(
                    sourceReadiness, metrics.agent().cacheListener(), new CacheLog()));
    verifier.ifPresent(cache::verifier);
    podLiveness
        .map(watch -> parts.open(NodePods.watch(watch.apiServer(), watch.nodeName(), clock)))
        .ifPresent(cache::presence);
    return parts.open(cache.build());
  }

  private PodIdentityAgent agent(CachingCredentialSource cache) {
    return PodIdentityAgent.builder()
        .bindingRules(bindingRules)
        .source(cache)
        .requestLimits(requestLimits)
        .listener(AgentListener.all(metrics.agent().agentListener(), parts.open(AuditLog.create())))
        .build();
  }

  private PodIdentityServer server(PodIdentityAgent agent) throws IOException {
    return parts.open(
        PodIdentityServer.builder(agent)
            .port(port)
            .budget(budget)
            .drainTimeout(drainTimeout)
            .listener(metrics.agent().serverListener())
            .start());
  }

  private void watch(
      CachingCredentialSource cache, PodIdentityAgent agent, PodIdentityServer server) {
    metrics.agent().watchCache(cache::state);
    metrics.agent().watchLoad(server::load);
    metrics.agent().watchAddresses(() -> served(agent.bindingRules(), server.addresses()));
  }

  private static Map<String, Boolean> served(
      BindingRules rules, List<InetSocketAddress> addresses) {
    return rules.hosts().stream()
        .map(BindHost::address)
        .collect(
            Collectors.toMap(
                IpLiteral::format,
                address -> addresses.stream().anyMatch(at -> address.equals(at.getAddress()))));
  }

  private Probes probes(PodIdentityServer server, CachingCredentialSource cache) {
    return Probes.of(server::addresses)
        .ready(new OwnCredentialsReadiness(NodeCredentialsCheck.of(ownCredentials)))
        .ready(AddressReadiness.of(server))
        .ready(sourceReadiness)
        .ready(CacheReadiness.of(cache::state))
        .load(server::load)
        .build();
  }

  private void probeServer(Probes probes, CachingCredentialSource cache) throws IOException {
    var builder = OperationsServer.builder(probes).budget(budget).listenOnLoopback(probePort);
    if (debugEntries) {
      builder.debugEntries(cache::entries, clock);
    }
    parts.open(builder.start());
  }

  private void metricsServer(Probes probes) throws IOException {
    parts.open(
        OperationsServer.builder(probes)
            .budget(budget)
            .metrics(metrics)
            .listenOn(metricsAddress)
            .start());
  }

  private void announce(PodIdentityServer server) {
    for (BindFailure failure : server.unavailable()) {
      log.warn(failure.message());
    }
    log.atInfo()
        .addKeyValue("addresses", server.addresses())
        .addKeyValue("token_verification", verifier.isPresent())
        .log("The agent is listening");
  }

  @Override
  public void close() {
    parts.close();
  }
}
