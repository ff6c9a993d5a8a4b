package dev.podidentity.server;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.spi.HttpServerProvider;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.IpLiteral;
import dev.podidentity.binding.NodeNetwork;
import dev.podidentity.schedule.Scheduler;
import dev.podidentity.server.http.Endpoint;
import dev.podidentity.server.http.HttpListeners;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Serves an agent to pods: {@code GET /v1/credentials} on each address of its binding rules. Once
 * started, it looks every second which of them the node has: one that vanishes is given up, one
 * that comes or comes back is listened on, and the others are served all the while. Thread-safe.
 *
 * <p>Making the first server of a JVM sets those system properties of the JDK's server that matter
 * and are unset; {@code docs/configuration.md} lists them.
 */
public final class PodIdentityServer implements AutoCloseable {
  /** The port at which EKS puts the agent. */
  public static final int DEFAULT_PORT = 80;

  /** How long {@link #close} waits for requests that are being answered: 30 s. */
  public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(30);

  /** The time between two looks at the node's addresses: 1 s. */
  public static final Duration ADDRESS_INTERVAL = Duration.ofSeconds(1);

  private final Addresses listening;
  private final AddressWatch watch;
  private final Duration drainTimeout;
  private final ServerListener listener;

  /** Held while requests are drained, for up to 30 s; no request takes it. */
  private final ReentrantLock lifecycle = new ReentrantLock();

  // Guarded by lifecycle; its annotation would have to be on the class path of those that use this.
  private boolean closed;

  private PodIdentityServer(Addresses listening, AddressWatch watch, Builder builder) {
    this.listening = listening;
    this.watch = watch;
    this.drainTimeout = builder.drainTimeout;
    this.listener = builder.listener;
  }

  /** Starts the settings of a server for this agent. */
  public static Builder builder(PodIdentityAgent agent) {
    return new Builder(requireNonNull(agent, "agent"));
  }

  /** The addresses that are served at present, with their ports. */
  public List<InetSocketAddress> addresses() {
    watch.ensureScheduled();
    return listening.served();
  }

  /** What clients do now: it shows a flood. */
  public ServerLoad load() {
    return listening.load();
  }

  /**
   * What {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} is to a pod of this agent, one URI an address.
   */
  public List<URI> credentialUris() {
    return addresses().stream().map(PodIdentityServer::credentialUri).toList();
  }

  /** What {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} is to a pod whose agent is at this address. */
  public static URI credentialUri(InetSocketAddress address) {
    String port = address.getPort() == DEFAULT_PORT ? "" : ":" + address.getPort();
    return URI.create(
        "http://" + IpLiteral.format(address.getAddress()) + port + CredentialsEndpoint.PATH);
  }

  /** The addresses that the agent does without at present, and why. */
  public List<BindFailure> unavailable() {
    watch.ensureScheduled();
    return listening.unavailable();
  }

  /**
   * Lets another agent answer from now on. No request is refused for it: addresses that both agents
   * have are kept, those that only the successor has are taken first, and those that it has not are
   * given back last. What was asked before is answered by the agent before, for which this waits as
   * long as the drain timeout allows; the agent before is nothing to this server after that.
   *
   * @throws ListenException if the successor does not start without an address that cannot be had;
   *     then everything is as it was
   * @throws IllegalStateException if this server is closed
   */
  public void handOverTo(PodIdentityAgent successor) throws ListenException {
    lifecycle.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the server is closed: start another one");
      }
      listening.follow(
          successor.bindingRules(),
          listeners -> listeners.handOver(endpoint(successor, listener), drainTimeout));
    } finally {
      lifecycle.unlock();
    }
  }

  private static Endpoint endpoint(PodIdentityAgent agent, ServerListener listener) {
    return new ObservedEndpoint(new CredentialsEndpoint(agent), listener);
  }

  /**
   * Accepts no more connections, answers what has been asked, for as long as the drain timeout
   * allows, and 503 to what comes later on connections that are there, which are closed then.
   * Closing twice does nothing more.
   */
  @Override
  public void close() {
    lifecycle.lock();
    try {
      closed = true;
      watch.close();
      listening.close(drainTimeout);
    } finally {
      lifecycle.unlock();
    }
  }

  /** Collects the settings of a server. Not thread-safe. */
  public static final class Builder {
    private final PodIdentityAgent agent;
    private ToIntFunction<InetAddress> port = address -> DEFAULT_PORT;
    private @Nullable HttpServerProvider provider;
    private Duration drainTimeout = DEFAULT_DRAIN_TIMEOUT;
    private NodeNetwork network = NodeNetwork.system();
    private ServerListener listener = ServerListener.NONE;
    private @Nullable Scheduler scheduler;
    private @Nullable ServerBudget budget;

    private Builder(PodIdentityAgent agent) {
      this.agent = agent;
    }

    /** Sets the port; {@value PodIdentityServer#DEFAULT_PORT} if not set, 0 for free ones. */
    public Builder port(int port) {
      return port(address -> port);
    }

    /** Sets the port of each address; 0 for a free one. */
    public Builder port(ToIntFunction<InetAddress> port) {
      this.port = requireNonNull(port, "port");
      return this;
    }

    /**
     * Sets who makes the HTTP servers. If not set, it is {@link HttpServerProvider#provider}: the
     * JDK's own, unless the system property {@code com.sun.net.httpserver.HttpServerProvider} or a
     * jar on the class path names another one. The limits on slow and greedy clients that {@code
     * docs/configuration.md} lists are the JDK server's; another one has its own.
     */
    public Builder provider(HttpServerProvider provider) {
      this.provider = requireNonNull(provider, "provider");
      return this;
    }

    /** Sets how long closing waits for requests that are being answered; 30 s if not set. */
    public Builder drainTimeout(Duration drainTimeout) {
      this.drainTimeout = requireNonNull(drainTimeout, "drainTimeout");
      return this;
    }

    /**
     * Sets what knows the node's addresses and explains a failure to listen; the node's own network
     * if not set.
     */
    public Builder network(NodeNetwork network) {
      this.network = requireNonNull(network, "network");
      return this;
    }

    /** Sets what looks at the node's addresses in time; a thread of the server's own if not set. */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = requireNonNull(scheduler, "scheduler");
      return this;
    }

    /**
     * Sets what the servers of this process may take together; if not set, this server counts as
     * the only one.
     */
    public Builder budget(ServerBudget budget) {
      this.budget = requireNonNull(budget, "budget");
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
      var listeners = new HttpListeners(endpoint(agent, listener), provider, budget().forPods());
      var addresses = new Addresses(listeners, port, network);
      boolean listening = false;
      try {
        addresses.follow(agent.bindingRules(), HttpListeners::start);
        listening = true;
        return new PodIdentityServer(addresses, watch(addresses), this);
      } finally {
        if (!listening) {
          addresses.close(Duration.ZERO);
        }
      }
    }

    private ServerBudget budget() {
      return budget != null
          ? budget
          : ServerBudget.ofThisProcess(Math.max(1, agent.bindingRules().hosts().size()));
    }

    private AddressWatch watch(Addresses addresses) {
      return scheduler != null
          ? AddressWatch.start(scheduler, () -> {}, ADDRESS_INTERVAL, addresses::look)
          : watchOnAThreadOfItsOwn(addresses);
    }

    private static AddressWatch watchOnAThreadOfItsOwn(Addresses addresses) {
      var thread =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                var daemon = new Thread(task, "pod-identity-addresses");
                daemon.setDaemon(true);
                return daemon;
              });
      return AddressWatch.start(
          Scheduler.of(thread), thread::shutdown, ADDRESS_INTERVAL, addresses::look);
    }
  }
}
