package dev.podidentity.server.local;

import static java.util.Objects.requireNonNull;

import dev.podidentity.AgentListener;
import dev.podidentity.addon.rollout.AddonStore;
import dev.podidentity.addon.rollout.ClusterAddonsBuilder;
import dev.podidentity.addon.rollout.RolloutSettings;
import dev.podidentity.addon.version.ClusterVersion;
import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.binding.BindHost;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a local EKS. Not thread-safe. */
public final class LocalEksBuilder {
  private static final String DEFAULT_ACCOUNT = "111122223333";
  private static final int MAX_NODES = 250;

  private @Nullable LocalCluster cluster;
  private String clusterName = "my-cluster";
  private String region = "us-west-2";
  private @Nullable Path dataDir;
  private Duration credentialLifetime = LocalCluster.DEFAULT_CREDENTIAL_LIFETIME;
  private List<BindHost> firstNode = List.of();
  private int agentPort;
  private int nodeCount = 1;
  final Map<String, String> secretByKeyId = new LinkedHashMap<>();
  final Set<String> hostNames = new LinkedHashSet<>();
  int port;
  boolean agentsInstalled = true;
  Duration agentStartTime = Duration.ZERO;
  @Nullable LocalAgentSource agentSource;
  AgentListener agentListener = AgentListener.NONE;
  ClusterVersion clusterVersion = ClusterAddonsBuilder.DEFAULT_CLUSTER_VERSION;
  RolloutSettings rolloutSettings =
      RolloutSettings.defaults().withRetryDelay(Duration.ofSeconds(1));

  LocalEksBuilder() {}

  /**
   * Sets the cluster that is served, which stays its owner's; then the settings of a cluster here
   * do nothing. If not set, one is made, with a clock that can be moved.
   */
  public LocalEksBuilder cluster(LocalCluster cluster) {
    this.cluster = requireNonNull(cluster, "cluster");
    return this;
  }

  /** Sets the name of the cluster; {@code my-cluster} if not set. */
  public LocalEksBuilder clusterName(String clusterName) {
    this.clusterName = requireNonNull(clusterName, "clusterName");
    return this;
  }

  /** Sets the AWS region that ARNs name; {@code us-west-2} if not set. */
  public LocalEksBuilder region(String region) {
    this.region = requireNonNull(region, "region");
    return this;
  }

  /** Sets the folder that associations and the add-on are kept in; in memory if not set. */
  public LocalEksBuilder dataDir(@Nullable Path dataDir) {
    this.dataDir = dataDir;
    return this;
  }

  /** Sets how long credentials live; 6 hours if not set. */
  public LocalEksBuilder credentialLifetime(Duration credentialLifetime) {
    this.credentialLifetime = requireNonNull(credentialLifetime, "credentialLifetime");
    return this;
  }

  /**
   * Takes an access key, and from then on only requests that are signed with one that was taken. If
   * none is, signatures are read and not verified.
   */
  public LocalEksBuilder accessKey(String accessKeyId, String secretAccessKey) {
    secretByKeyId.put(
        requireNonNull(accessKeyId, "accessKeyId"),
        requireNonNull(secretAccessKey, "secretAccessKey"));
    return this;
  }

  /**
   * Adds a host name, without a port, that requests may be addressed to. Requests to other names
   * than this one, {@code localhost} and IP addresses are refused with 403: a web page could have
   * its own name lead here.
   */
  public LocalEksBuilder hostName(String hostName) {
    hostNames.add(requireNonNull(hostName, "hostName"));
    return this;
  }

  /** Sets the port of {@code 127.0.0.1}; 0, for a free one, if not set. */
  public LocalEksBuilder port(int port) {
    this.port = port;
    return this;
  }

  /**
   * Sets how many nodes there are; one if not set. Each has a loopback address of its own where the
   * system has more than one, and ports of its own.
   *
   * @throws IllegalArgumentException if it is not from 1 to 250
   */
  public LocalEksBuilder nodes(int count) {
    if (count < 1 || count > MAX_NODES) {
      throw new IllegalArgumentException("a local EKS has 1 to " + MAX_NODES + " nodes");
    }
    this.nodeCount = count;
    return this;
  }

  /**
   * Sets where the first node's agent listens where it is not told otherwise: the first address of
   * each family also stands for the one that EKS has. {@code 127.0.0.1} and, if there is one,
   * {@code [::1]} if not set.
   *
   * @param hosts the addresses of this machine
   * @param agentPort their port, which stands for port 80; 0 for free ones
   */
  public LocalEksBuilder firstNode(BindingRules hosts, int agentPort) {
    this.firstNode = hosts.hosts();
    this.agentPort = agentPort;
    return this;
  }

  /**
   * Leaves nodes without agents until the add-on is created. If not set, each node has an agent
   * from the beginning, as if somebody had installed it by hand, and creating the add-on takes it
   * over.
   */
  public LocalEksBuilder withoutAgents() {
    this.agentsInstalled = false;
    return this;
  }

  /**
   * Sets how long an agent of the add-on takes to get ready, so that a rollout can be watched; no
   * time if not set.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public LocalEksBuilder agentStartTime(Duration agentStartTime) {
    if (agentStartTime.isNegative()) {
      throw new IllegalArgumentException("an agent does not start within " + agentStartTime);
    }
    this.agentStartTime = agentStartTime;
    return this;
  }

  /** Sets what agents ask; the cluster's own EKS Auth, and no cache, if not set. */
  public LocalEksBuilder agentSource(LocalAgentSource agentSource) {
    this.agentSource = requireNonNull(agentSource, "agentSource");
    return this;
  }

  /** Sets who is told what agents do; nobody if not set. */
  public LocalEksBuilder agentListener(AgentListener agentListener) {
    this.agentListener = requireNonNull(agentListener, "agentListener");
    return this;
  }

  /** Sets the versions of the cluster, on which those of the add-on depend. */
  public LocalEksBuilder clusterVersion(ClusterVersion clusterVersion) {
    this.clusterVersion = requireNonNull(clusterVersion, "clusterVersion");
    return this;
  }

  /**
   * Sets how patient rollouts of the add-on are; {@link RolloutSettings#defaults} with a second
   * until the first retry if not set.
   */
  public LocalEksBuilder rolloutSettings(RolloutSettings rolloutSettings) {
    this.rolloutSettings = requireNonNull(rolloutSettings, "rolloutSettings");
    return this;
  }

  List<LocalNetwork> networks() {
    return IntStream.rangeClosed(1, nodeCount)
        .mapToObj(
            number ->
                number == 1 && !firstNode.isEmpty()
                    ? new LocalNetwork(firstNode, agentPort)
                    : LocalNetwork.loopback(number))
        .toList();
  }

  AddonStore addonStore() throws IOException {
    return dataDir == null || cluster != null
        ? AddonStore.inMemory()
        : AddonStore.file(dataDir.resolve(clusterName + ".addon.json"));
  }

  /**
   * Starts serving.
   *
   * @throws IOException if the port cannot be listened on, or the data folder not be used
   * @throws IllegalArgumentException if the cluster's settings break their rules
   */
  public LocalEks start() throws IOException {
    if (cluster != null) {
      return LocalEks.start(this, cluster, null);
    }
    var clock = MovableClock.over(Clock.systemUTC());
    var arn = ClusterArn.of(region, DEFAULT_ACCOUNT, clusterName);
    AssociationStore store = store(arn, clock);
    boolean started = false;
    try {
      LocalEks eks =
          LocalEks.start(
              this,
              LocalCluster.builder()
                  .associations(store)
                  .clock(clock)
                  .credentialLifetime(credentialLifetime)
                  .build(),
              store);
      started = true;
      return eks;
    } finally {
      if (!started) {
        store.close();
      }
    }
  }

  private AssociationStore store(ClusterArn arn, Clock clock) throws IOException {
    var settings = AssociationStore.builder(arn).clock(clock);
    return dataDir == null
        ? settings.inMemory()
        : settings.file(dataDir.resolve(clusterName + ".associations.jsonl"));
  }
}
