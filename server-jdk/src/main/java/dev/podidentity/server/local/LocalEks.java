package dev.podidentity.server.local;

import static java.util.Objects.requireNonNull;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.addon.configuration.AgentSettings;
import dev.podidentity.addon.rollout.ClusterAddons;
import dev.podidentity.association.AssociationStore;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.local.Fault;
import dev.podidentity.local.Faults;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.server.ServerBudget;
import dev.podidentity.server.http.HostNames;
import dev.podidentity.server.http.HttpListeners;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An EKS on this machine's loopback, for one local cluster: EKS Auth, the operations on
 * associations, on the add-on and on tags, what the cluster's API server says of its tokens, and
 * nodes with agents. Unmodified AWS SDKs and the AWS CLI use it as their endpoint. Needs no test
 * framework, no AWS account and no network. Thread-safe.
 */
public final class LocalEks implements AutoCloseable {
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

  /** How long agents of an add-on that is there already are waited for at the start. */
  private static final Duration AGENTS_TIMEOUT = Duration.ofSeconds(5);

  private final LocalCluster cluster;
  private final HttpListeners listeners;
  private final URI endpoint;
  private final CallLog calls;
  private final LocalNodes nodes;
  private final ClusterAddons addons;
  private final @Nullable AssociationStore ownStore;

  private LocalEks(
      LocalCluster cluster,
      HttpListeners listeners,
      URI endpoint,
      CallLog calls,
      LocalNodes nodes,
      ClusterAddons addons,
      @Nullable AssociationStore ownStore) {
    this.cluster = cluster;
    this.listeners = listeners;
    this.endpoint = endpoint;
    this.calls = calls;
    this.nodes = nodes;
    this.addons = addons;
    this.ownStore = ownStore;
  }

  /**
   * A new cluster in memory, whose clock can be moved, on a free port of {@code 127.0.0.1}.
   *
   * @throws IOException if the loopback cannot be listened on
   */
  public static LocalEks start() throws IOException {
    return builder().start();
  }

  /**
   * Serves a cluster on a free port of {@code 127.0.0.1}.
   *
   * @throws IOException if the loopback cannot be listened on
   */
  public static LocalEks start(LocalCluster cluster) throws IOException {
    return builder().cluster(cluster).start();
  }

  /** Starts the settings of a local EKS. */
  public static LocalEksBuilder builder() {
    return new LocalEksBuilder();
  }

  static LocalEks start(
      LocalEksBuilder settings, LocalCluster cluster, @Nullable AssociationStore ownStore)
      throws IOException {
    var calls = new CallLog();
    var address = new CompletableFuture<URI>();
    var addons = new CompletableFuture<ClusterAddons>();
    var signatures = new SignatureCheck(settings.secretByKeyId, Clock.systemUTC());
    var endpoint =
        new LocalEksEndpoint(
            cluster,
            HostNames.of(settings.hostNames),
            signatures,
            calls,
            address::join,
            addons::join);
    var listeners = new HttpListeners(endpoint, null, ServerBudget.ofThisProcess(1).forPods());
    LocalNodes nodes = nodes(settings, cluster, new LocalEksAuth(cluster, calls), address::join);
    boolean started = false;
    try {
      listeners.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port));
      address.complete(URI.create("http://127.0.0.1:" + listeners.addresses().get(0).getPort()));
      addons.complete(addons(settings, cluster, nodes));
      giveAgents(settings, addons.join(), nodes);
      listeners.start();
      started = true;
      return new LocalEks(
          cluster, listeners, address.join(), calls, nodes, addons.join(), ownStore);
    } finally {
      if (!started) {
        var unused = addons.thenAccept(ClusterAddons::close);
        nodes.close();
        listeners.close(Duration.ZERO);
      }
    }
  }

  private static LocalNodes nodes(
      LocalEksBuilder settings,
      LocalCluster cluster,
      CredentialSource eksAuth,
      Supplier<URI> endpoint) {
    LocalAgentSource own = settings.agentSource;
    Function<AgentSettings, CredentialSource> sources =
        own == null ? agent -> eksAuth : agent -> own.open(cluster, endpoint.get(), agent);
    Function<CredentialSource, PodIdentityAgent.Builder> agents =
        source ->
            PodIdentityAgent.builder()
                .source(source)
                .clock(cluster.clock())
                .listener(settings.agentListener);
    var nodes = new ArrayList<LocalEksNode>();
    for (LocalNetwork network : settings.networks()) {
      nodes.add(new LocalEksNode(nodeName(nodes.size() + 1), network, sources, agents));
    }
    return new LocalNodes(cluster, nodes, settings.agentStartTime);
  }

  private static String nodeName(int number) {
    return number == 1 ? LocalCluster.DEFAULT_NODE : "ip-10-0-0-" + number + ".ec2.internal";
  }

  private static ClusterAddons addons(
      LocalEksBuilder settings, LocalCluster cluster, LocalNodes nodes) throws IOException {
    return ClusterAddons.builder(cluster.associations().cluster(), nodes)
        .clusterVersion(settings.clusterVersion)
        .settings(settings.rolloutSettings)
        .nodes(nodes.names())
        .clock(cluster.clock())
        .open(settings.addonStore());
  }

  // What is known of an add-on goes before what nodes have without one.
  private static void giveAgents(LocalEksBuilder settings, ClusterAddons addons, LocalNodes nodes)
      throws IOException {
    if (addons.rollout().exists()) {
      nodes.awaitAttended(AGENTS_TIMEOUT);
    } else if (settings.agentsInstalled) {
      nodes.install();
    }
  }

  /** The endpoint to give to AWS SDKs and to the AWS CLI. */
  public URI endpoint() {
    return endpoint;
  }

  /** The cluster that is served. */
  public LocalCluster cluster() {
    return cluster;
  }

  /** The cluster's associations, the same that the endpoint serves. */
  public AssociationStore associations() {
    return cluster.associations();
  }

  /** What goes wrong at present. */
  public Faults faults() {
    return cluster.faults();
  }

  /** The calls that were answered or kept back, the last 10,000 of them, oldest first. */
  public List<LocalEksCall> calls() {
    return calls.all();
  }

  /** The nodes, in the order of their numbers. */
  public List<LocalEksNode> nodes() {
    return nodes.all();
  }

  /** The cluster's add-on, the same that the endpoint serves. */
  public ClusterAddons addons() {
    return addons;
  }

  /**
   * Starts a pod on the node with the fewest pods: with a token in a file, and that node's agent to
   * take it to.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public LocalEksPod startPod(ServiceAccountRef serviceAccount, String podName) {
    return run(serviceAccount, podName, null);
  }

  /**
   * Starts a pod on the node of this name.
   *
   * @throws IllegalArgumentException if there is no such node
   * @throws UncheckedIOException if the file cannot be written
   */
  public LocalEksPod startPod(ServiceAccountRef serviceAccount, String podName, String nodeName) {
    return run(serviceAccount, podName, requireNonNull(nodeName, "nodeName"));
  }

  private LocalEksPod run(
      ServiceAccountRef serviceAccount, String podName, @Nullable String nodeName) {
    try {
      return nodes.run(serviceAccount, podName, nodeName);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes a pod's token file away. */
  public void stopPod(LocalEksPod pod) {
    nodes.stop(pod.pod());
  }

  /**
   * Moves the cluster's clock, and lets the kubelet replace what tokens it then would have.
   *
   * @throws IllegalStateException if the cluster was brought along with a clock that cannot be
   *     moved
   */
  public synchronized void moveTime(Duration duration) {
    if (!(cluster.clock() instanceof MovableClock clock)) {
      throw new IllegalStateException("the cluster's clock is no MovableClock");
    }
    clock.advance(duration);
    nodes.sync();
  }

  /** Stops the agents and the endpoint; requests that hang are let go first. */
  @Override
  public synchronized void close() {
    cluster.faults().switchOff(Fault.Hang.class);
    addons.close();
    nodes.close();
    listeners.close(DRAIN_TIMEOUT);
    if (ownStore != null) {
      ownStore.close();
    }
  }
}
