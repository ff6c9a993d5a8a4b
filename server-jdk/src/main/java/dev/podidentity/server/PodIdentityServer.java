package dev.podidentity.server;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.spi.HttpServerProvider;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindHost;
import dev.podidentity.binding.IpLiteral;
import dev.podidentity.binding.NodeNetwork;
import dev.podidentity.server.http.HttpListeners;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves an agent to pods: {@code GET /v1/credentials} on each address of its binding rules.
 * Thread-safe.
 *
 * <p>Making the first server of a JVM sets those system properties of the JDK's server that matter
 * and are unset; {@code docs/configuration.md} lists them.
 */
public final class PodIdentityServer implements AutoCloseable {
  /** The port at which EKS puts the agent. */
  public static final int DEFAULT_PORT = 80;

  /** How long {@link #close} waits for requests that are being answered: 30 s. */
  public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(30);

  private final HttpListeners listeners;
  private final List<InetSocketAddress> addresses;
  private final List<BindFailure> unavailable;
  private final Duration drainTimeout;

  private PodIdentityServer(
      HttpListeners listeners, List<BindFailure> unavailable, Duration drainTimeout) {
    this.listeners = listeners;
    this.addresses = listeners.addresses();
    this.unavailable = List.copyOf(unavailable);
    this.drainTimeout = drainTimeout;
  }

  /** Starts the settings of a server for this agent. */
  public static Builder builder(PodIdentityAgent agent) {
    return new Builder(requireNonNull(agent, "agent"));
  }

  /** The addresses that are served, with their ports. */
  public List<InetSocketAddress> addresses() {
    return addresses;
  }

  /**
   * What {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} is to a pod of this agent, one URI an address.
   */
  public List<URI> credentialUris() {
    return addresses().stream().map(PodIdentityServer::credentialUri).toList();
  }

  private static URI credentialUri(InetSocketAddress address) {
    String port = address.getPort() == DEFAULT_PORT ? "" : ":" + address.getPort();
    return URI.create(
        "http://" + IpLiteral.format(address.getAddress()) + port + CredentialsEndpoint.PATH);
  }

  /** The addresses that the agent does without, and why. */
  public List<BindFailure> unavailable() {
    return unavailable;
  }

  /**
   * Answers what has been asked, for as long as the drain timeout allows, answers 503 to what comes
   * later, and gives the addresses back. Closing twice does nothing more.
   */
  @Override
  public synchronized void close() {
    listeners.close(drainTimeout);
  }

  /** Collects the settings of a server. Not thread-safe. */
  public static final class Builder {
    private final PodIdentityAgent agent;
    private int port = DEFAULT_PORT;
    private @Nullable HttpServerProvider provider;
    private Duration drainTimeout = DEFAULT_DRAIN_TIMEOUT;
    private NodeNetwork network = NodeNetwork.system();
    private ServerListener listener = ServerListener.NONE;

    private Builder(PodIdentityAgent agent) {
      this.agent = agent;
    }

    /** Sets the port; {@value PodIdentityServer#DEFAULT_PORT} if not set, 0 for free ones. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets who makes the HTTP servers; the JDK's own if not set. */
    public Builder provider(HttpServerProvider provider) {
      this.provider = requireNonNull(provider, "provider");
      return this;
    }

    /** Sets how long closing waits for requests that are being answered; 30 s if not set. */
    public Builder drainTimeout(Duration drainTimeout) {
      this.drainTimeout = requireNonNull(drainTimeout, "drainTimeout");
      return this;
    }

    /** Sets what explains a failure to listen; the node's own network if not set. */
    public Builder network(NodeNetwork network) {
      this.network = requireNonNull(network, "network");
      return this;
    }

    /** Sets who is told of each answer; nobody if not set. */
    public Builder listener(ServerListener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Listens on every address of the binding rules, or on none.
     *
     * @throws ListenException if an address cannot be had that the agent does not start without, or
     *     if none can
     */
    public PodIdentityServer start() throws ListenException {
      var listeners =
          new HttpListeners(
              new ObservedEndpoint(new CredentialsEndpoint(agent), listener), provider);
      var failures = new ArrayList<BindFailure>();
      for (BindHost host : agent.bindingRules().hosts()) {
        try {
          listeners.bind(new InetSocketAddress(host.address(), port));
        } catch (IOException e) {
          failures.add(BindFailure.of(host, port, e, network));
        }
      }
      if (listeners.addresses().isEmpty() || failures.stream().anyMatch(Builder::isFatal)) {
        listeners.close(Duration.ZERO);
        throw new ListenException(failures);
      }
      listeners.start();
      return new PodIdentityServer(listeners, failures, drainTimeout);
    }

    private static boolean isFatal(BindFailure failure) {
      return !failure.host().requirement().tolerates(failure.cause());
    }
  }
}
