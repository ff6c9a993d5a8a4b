package dev.podidentity.server.local;

import dev.podidentity.association.AssociationStore;
import dev.podidentity.local.Fault;
import dev.podidentity.local.Faults;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.server.http.HttpListeners;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An EKS on this machine's loopback, for one local cluster: EKS Auth, the operations on
 * associations and on tags, and what the cluster's API server says of its tokens. Unmodified AWS
 * SDKs and the AWS CLI use it as their endpoint. Needs no test framework, no AWS account and no
 * network. Thread-safe.
 */
public final class LocalEks implements AutoCloseable {
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

  private final LocalCluster cluster;
  private final HttpListeners listeners;
  private final URI endpoint;
  private final CallLog calls;
  private final @Nullable AssociationStore ownStore;

  // Guarded by this; the annotation would be missed by whoever compiles against this class.
  private @Nullable LocalNode node;

  private LocalEks(
      LocalCluster cluster,
      HttpListeners listeners,
      URI endpoint,
      CallLog calls,
      @Nullable AssociationStore ownStore) {
    this.cluster = cluster;
    this.listeners = listeners;
    this.endpoint = endpoint;
    this.calls = calls;
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
    var signatures = new SignatureCheck(settings.secretByKeyId, Clock.systemUTC());
    var address = new CompletableFuture<URI>();
    var endpoint = new LocalEksEndpoint(cluster, signatures, calls, address::join);
    var listeners = new HttpListeners(endpoint, null);
    listeners.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port));
    address.complete(URI.create("http://127.0.0.1:" + listeners.addresses().get(0).getPort()));
    listeners.start();
    return new LocalEks(cluster, listeners, address.join(), calls, ownStore);
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

  /**
   * Starts a pod: with a token in a file, and an agent on loopback to take it to. The agent starts
   * with the first pod.
   *
   * @throws UncheckedIOException if the agent cannot listen, or the file not be written
   */
  public synchronized LocalEksPod startPod(ServiceAccountRef serviceAccount, String podName) {
    return node().run(cluster.startPod(serviceAccount, podName));
  }

  /** Takes a pod's token file away. */
  public synchronized void stopPod(LocalEksPod pod) {
    node().stop(pod.pod());
  }

  private synchronized LocalNode node() {
    if (node == null) {
      try {
        node = LocalNode.start(cluster, new LocalEksAuth(cluster, calls));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return node;
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
    if (node != null) {
      node.sync();
    }
  }

  /** Stops the pods' agent and the endpoint; requests that hang are let go first. */
  @Override
  public synchronized void close() {
    cluster.faults().switchOff(Fault.Hang.class);
    if (node != null) {
      node.close();
      node = null;
    }
    listeners.close(DRAIN_TIMEOUT);
    if (ownStore != null) {
      ownStore.close();
    }
  }
}
