package dev.podidentity.server.local;

import dev.podidentity.addon.rollout.AgentRevision;
import dev.podidentity.addon.rollout.NodeAgents;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalKubelet;
import dev.podidentity.local.LocalPod;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a local EKS, with the pods that run on them: a pod goes to the node that has the
 * fewest. Their agents are the add-on's, once there is one. Thread-safe.
 */
final class LocalNodes implements NodeAgents, AutoCloseable {
  /** How long an agent may take to answer what was asked before another one took over. */
  static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

  private final LocalCluster cluster;
  private final Duration startTime;
  private final Map<String, LocalEksNode> nodes = new LinkedHashMap<>();
  private final Map<String, CountDownLatch> attended = new HashMap<>();
  private final Map<String, Integer> podsByNode = new HashMap<>();
  private @Nullable Path folder;
  private @Nullable LocalKubelet kubelet;

  /**
   * Nodes without agents.
   *
   * @param cluster the cluster that they belong to
   * @param nodes the nodes, at least one
   * @param startTime how long an agent of the add-on takes to get ready
   */
  LocalNodes(LocalCluster cluster, List<LocalEksNode> nodes, Duration startTime) {
    this.cluster = cluster;
    this.startTime = startTime;
    for (LocalEksNode node : nodes) {
      this.nodes.put(node.name(), node);
      attended.put(node.name(), new CountDownLatch(1));
      podsByNode.put(node.name(), 0);
    }
  }

  List<LocalEksNode> all() {
    return List.copyOf(nodes.values());
  }

  List<String> names() {
    return List.copyOf(nodes.keySet());
  }

  private LocalEksNode node(String name) {
    LocalEksNode node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException(
          "There is no node " + name + ": the nodes are " + nodes.keySet());
    }
    return node;
  }

  /** Gives an agent to each node, without there being an add-on. */
  void install() throws IOException {
    for (LocalEksNode node : nodes.values()) {
      node.install();
    }
  }

  @Override
  public void start(String node, AgentRevision revision) throws IOException, InterruptedException {
    try {
      TimeUnit.NANOSECONDS.sleep(startTime.toNanos());
      // A pod that starts meanwhile is told the port that the agent then takes.
      URI unused = node(node).credentialsUri();
      node(node).start(revision.template().values().agentSettings());
    } finally {
      attended(node).countDown();
    }
  }

  @Override
  public void stop(String node) {
    node(node).stop();
  }

  /** None: agents end with the process that started them. */
  @Override
  public Optional<String> running(String node) {
    return Optional.empty();
  }

  private CountDownLatch attended(String node) {
    return attended.getOrDefault(node, new CountDownLatch(0));
  }

  /** Waits, for at most this long, until the add-on has seen to each node. */
  void awaitAttended(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      for (CountDownLatch node : attended.values()) {
        if (!node.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a new pod on a node; on the one with the fewest pods if none is named. */
  synchronized LocalEksPod run(
      ServiceAccountRef serviceAccount, String podName, @Nullable String nodeName)
      throws IOException {
    LocalEksNode node = node(nodeName != null ? nodeName : leastUsed());
    LocalPod pod = cluster.startPod(serviceAccount, podName, node.name());
    var run = new LocalEksPod(pod, kubelet().mount(pod), node.credentialsUri());
    podsByNode.merge(node.name(), 1, Integer::sum);
    return run;
  }

  private String leastUsed() {
    return nodes.keySet().stream()
        .min(Comparator.comparing(name -> podsByNode.getOrDefault(name, 0)))
        .orElseThrow();
  }

  /** Takes a pod's token file away. */
  synchronized void stop(LocalPod pod) {
    if (kubelet != null) {
      kubelet.unmount(pod);
    }
    podsByNode.computeIfPresent(pod.nodeName(), (name, pods) -> Math.max(0, pods - 1));
  }

  /** Lets the kubelet replace the tokens that are due. */
  synchronized void sync() {
    if (kubelet != null) {
      kubelet.sync();
    }
  }

  private LocalKubelet kubelet() throws IOException {
    if (kubelet == null) {
      folder = tokenFolder();
      kubelet = cluster.kubelet(folder);
    }
    return kubelet;
  }

  private static Path tokenFolder() throws IOException {
    try {
      return Files.createTempDirectory("pod-identity-local-eks-");
    } catch (NoSuchFileException e) {
      var failure =
          new NoSuchFileException(
              System.getProperty("java.io.tmpdir"),
              null,
              "tokens of pods are kept below this folder (java.io.tmpdir), which does not exist:"
                  + " create it");
      failure.initCause(e);
      throw failure;
    }
  }

  @Override
  public synchronized void close() {
    nodes.values().forEach(LocalEksNode::close);
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    folder = null;
    kubelet = null;
  }
}
