package dev.podidentity.server.local;

import static java.util.Objects.requireNonNull;

import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.http.HttpListener;
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

  private final HttpListener listener;

  private LocalEks(HttpListener listener) {
    this.listener = listener;
  }

  /**
   * Serves a cluster on a free port of {@code 127.0.0.1}.
   *
   * @throws IOException if the loopback cannot be listened on
   */
  public static LocalEks start(LocalCluster cluster) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var listener =
        HttpListener.bind(address, new LocalEksEndpoint(requireNonNull(cluster, "cluster")), null);
    listener.start();
    return new LocalEks(listener);
  }

  /** The endpoint to give to AWS SDKs and to the AWS CLI. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.address().getPort());
  }

  @Override
  public void close() {
    listener.close(DRAIN_TIMEOUT);
  }
}
