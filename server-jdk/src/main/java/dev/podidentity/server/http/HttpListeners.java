package dev.podidentity.server.http;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that one endpoint is served on, with the threads that they share: bound one by one,
 * started together, closed together. To be used by one thread at a time.
 */
public final class HttpListeners {
  /** In a burst of new connections, those past the backlog wait a second for the kernel's retry. */
  private static final int BACKLOG = 1024;

  private final Endpoint endpoint;
  private final HttpServerProvider provider;
  private final RequestThreads threads;
  private final InFlight inFlight;
  private final List<HttpServer> servers = new ArrayList<>();
  private boolean started;

  /**
   * Nothing yet is listened on.
   *
   * @param endpoint what is served, for every path
   * @param provider makes the servers; the JDK's own if null
   */
  public HttpListeners(Endpoint endpoint, @Nullable HttpServerProvider provider) {
    JdkServerProperties.setUnset();
    this.endpoint = requireNonNull(endpoint, "endpoint");
    this.provider = provider != null ? provider : HttpServerProvider.provider();
    this.threads = RequestExecutors.create();
    this.inFlight = new InFlight(threads.maxRunning() / 2);
  }

  /**
   * Takes an address; nothing is answered there before {@link #start}.
   *
   * @param address the address; port 0 takes a free one
   * @throws IOException if the address cannot be had
   */
  public void bind(InetSocketAddress address) throws IOException {
    try {
      HttpServer server = provider.createHttpServer(address, BACKLOG);
      server.setExecutor(threads);
      server.createContext("/", new EndpointHandler(endpoint, inFlight));
      servers.add(server);
    } catch (UnsupportedAddressTypeException e) {
      throw new IOException("Unsupported address type", e);
    }
  }

  /** Starts answering on every address. */
  public void start() {
    started = true;
    servers.forEach(HttpServer::start);
  }

  /** The addresses, with the ports that were taken. */
  public List<InetSocketAddress> addresses() {
    return servers.stream().map(HttpServer::getAddress).toList();
  }

  /**
   * Answers what has been asked, for as long as this, refuses what comes later, and then gives the
   * addresses back. Once closed, closing does nothing.
   */
  public void close(Duration drainTimeout) {
    inFlight.drain(drainTimeout);
    if (!started) {
      // The JDK's server gives its address back on the thread that start() makes, and not without.
      start();
    }
    servers.forEach(server -> server.stop(0));
    servers.clear();
    threads.close();
  }
}
