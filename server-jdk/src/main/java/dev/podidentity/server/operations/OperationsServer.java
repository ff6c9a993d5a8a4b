package dev.podidentity.server.operations;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.spi.HttpServerProvider;
import dev.podidentity.credential.cache.CacheEntry;
import dev.podidentity.server.ServerBudget;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.HostNames;
import dev.podidentity.server.http.HttpListeners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code GET /healthz} and {@code GET /readyz}, and where they were given, {@code GET
 * /metrics} and {@code GET /debug/entries}. A request that a web page of another site sends is
 * refused with 403. Thread-safe.
 */
public final class OperationsServer implements AutoCloseable {
  /** The port of the probes: {@value}. */
  public static final int DEFAULT_PROBE_PORT = 2703;

  /** The port of the metrics: {@value}. */
  public static final int DEFAULT_METRICS_PORT = 2705;

  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

  private final HttpListeners listeners;
  private final List<InetSocketAddress> addresses;

  /** Held while requests are drained, for up to a second; no request takes it. */
  private final ReentrantLock lifecycle = new ReentrantLock();

  private OperationsServer(HttpListeners listeners) {
    this.listeners = listeners;
    this.addresses = listeners.addresses();
  }

  /** Starts the settings of a server for these probes. */
  public static Builder builder(Probes probes) {
    return new Builder(requireNonNull(probes, "probes"));
  }

  /** The addresses that are served, with their ports. */
  public List<InetSocketAddress> addresses() {
    return addresses;
  }

  /** Gives the addresses back, a second after a request that is being answered at the latest. */
  @Override
  public void close() {
    lifecycle.lock();
    try {
      listeners.close(DRAIN_TIMEOUT);
    } finally {
      lifecycle.unlock();
    }
  }

  /** Collects the settings of a server. Not thread-safe. */
  public static final class Builder {
    private static final byte[] LOOPBACK_IPV4 = {127, 0, 0, 1};
    private static final byte[] LOOPBACK_IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private final Map<String, Function<HttpExchange, Answer>> pages = new HashMap<>();
    private final List<InetSocketAddress> required = new ArrayList<>();
    private final List<InetSocketAddress> optional = new ArrayList<>();
    private final Set<String> hostNames = new HashSet<>();
    private @Nullable HttpServerProvider provider;
    private @Nullable ServerBudget budget;

    private Builder(Probes probes) {
      pages.put("/healthz", exchange -> OperationsAnswers.health(probes.health()));
      pages.put("/readyz", exchange -> OperationsAnswers.readiness(probes.readiness()));
    }

    /** Adds an address, which may be a wildcard; port 0 takes a free one. */
    public Builder listenOn(InetSocketAddress address) {
      required.add(requireNonNull(address, "address"));
      return this;
    }

    /**
     * Adds what {@code localhost} is: 127.0.0.1, and ::1 where the node has it and the port is free
     * there.
     */
    public Builder listenOnLoopback(int port) {
      required.add(new InetSocketAddress(address(LOOPBACK_IPV4), port));
      optional.add(new InetSocketAddress(address(LOOPBACK_IPV6), port));
      return this;
    }

    private static InetAddress address(byte[] bytes) {
      try {
        return InetAddress.getByAddress(bytes);
      } catch (IOException e) {
        throw new AssertionError("four bytes or sixteen are an address", e);
      }
    }

    /** Serves {@code /metrics}. */
    public Builder metrics(MetricsSource metrics) {
      requireNonNull(metrics, "metrics");
      pages.put(
          "/metrics",
          exchange ->
              OperationsAnswers.metrics(
                  metrics.page(exchange.getRequestHeaders().getFirst("Accept"))));
      return this;
    }

    /**
     * Serves {@code /debug/entries}: who has credentials on this node, for whoever can reach this
     * address. There is no secret in it. Requests that are addressed to a name other than {@code
     * localhost} and those of {@link #hostName} are refused with 403.
     *
     * @param entries the entries, such as {@code CachingCredentialSource::entries}
     * @param clock what their age is held against
     */
    public Builder debugEntries(Supplier<List<CacheEntry>> entries, Clock clock) {
      requireNonNull(entries, "entries");
      requireNonNull(clock, "clock");
      pages.put(
          "/debug/entries", exchange -> OperationsAnswers.entries(entries.get(), clock.instant()));
      return this;
    }

    /** Adds a host name, without a port, by which {@code /debug/entries} may be asked for. */
    public Builder hostName(String hostName) {
      hostNames.add(requireNonNull(hostName, "hostName"));
      return this;
    }

    /** Sets who makes the HTTP servers; {@link HttpServerProvider#provider} if not set. */
    public Builder provider(HttpServerProvider provider) {
      this.provider = requireNonNull(provider, "provider");
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

    private ServerBudget budget() {
      return budget != null
          ? budget
          : ServerBudget.ofThisProcess(Math.max(1, required.size() + optional.size()));
    }

    /**
     * Listens on every address, or on none.
     *
     * @throws IOException if an address cannot be had; the message names it
     */
    public OperationsServer start() throws IOException {
      var listeners =
          new HttpListeners(
              new OperationsEndpoint(pages, HostNames.of(hostNames)),
              provider,
              budget().forOperations());
      try {
        for (InetSocketAddress address : required) {
          bind(listeners, address);
        }
      } catch (IOException e) {
        listeners.close(Duration.ZERO);
        throw e;
      }
      for (InetSocketAddress address : optional) {
        bindIfThere(listeners, address);
      }
      listeners.start();
      return new OperationsServer(listeners);
    }

    private static void bind(HttpListeners listeners, InetSocketAddress address)
        throws IOException {
      try {
        listeners.bind(address);
      } catch (IOException e) {
        throw new IOException(
            "Cannot serve probes or metrics on "
                + address.getAddress().getHostAddress()
                + " port "
                + address.getPort()
                + ": "
                + e.getMessage(),
            e);
      }
    }

    private static void bindIfThere(HttpListeners listeners, InetSocketAddress address) {
      try {
        listeners.bind(address);
      } catch (IOException e) {
        // A node without IPv6 has no ::1, and nobody asks there.
        return;
      }
    }
  }
}
