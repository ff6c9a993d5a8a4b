package dev.podidentity.server.local;

import static java.util.Objects.requireNonNull;

import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.http.HttpListeners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/**
 * An EKS on this machine's loopback, for one local cluster: EKS Auth, and the cluster's public keys
 * as its API server serves them. Thread-safe.
 */
public final class LocalEks implements AutoCloseable {
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

  private final HttpListeners listeners;
  private final URI endpoint;

  private LocalEks(HttpListeners listeners) {
    this.listeners = listeners;
    this.endpoint = URI.create("http://127.0.0.1:" + listeners.addresses().get(0).getPort());
  }

  /**
   * Serves a cluster on a free port of {@code 127.0.0.1}.
   *
   * @throws IOException if the loopback cannot be listened on
   */
  public static LocalEks start(LocalCluster cluster) throws IOException {
    var listeners =
        new HttpListeners(new LocalEksEndpoint(requireNonNull(cluster, "cluster")), null);
    listeners.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listeners.start();
    return new LocalEks(listeners);
  }

  /** The endpoint to give to AWS SDKs and to the AWS CLI. */
  public URI endpoint() {
    return endpoint;
  }

  @Override
  public synchronized void close() {
    listeners.close(DRAIN_TIMEOUT);
  }
}
