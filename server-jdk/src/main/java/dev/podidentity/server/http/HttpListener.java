package dev.podidentity.server.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** One address that an endpoint is served on, from {@link #bind} to {@link #close}. */
public final class HttpListener {
  /** In a burst of new connections, those past the backlog wait a second for the kernel's retry. */
  private static final int BACKLOG = 1024;

  private final HttpServer server;
  private final ExecutorService executor;
  private final InFlight inFlight;

  private HttpListener(HttpServer server, Endpoint endpoint) {
    this.server = server;
    this.executor = RequestExecutors.create();
    this.inFlight = new InFlight();
    server.setExecutor(executor);
    server.createContext("/", new EndpointHandler(endpoint, inFlight));
  }

  /**
   * Takes the address; nothing is answered there before {@link #start}.
   *
   * @param address the address; port 0 takes a free one
   * @param endpoint what is served, for every path
   * @param provider makes the server; the JDK's own if null
   * @throws IOException if the address cannot be had
   */
  public static HttpListener bind(
      InetSocketAddress address, Endpoint endpoint, @Nullable HttpServerProvider provider)
      throws IOException {
    JdkServerProperties.setUnset();
    var maker = provider != null ? provider : HttpServerProvider.provider();
    try {
      return new HttpListener(maker.createHttpServer(address, BACKLOG), endpoint);
    } catch (UnsupportedAddressTypeException e) {
      throw new IOException("Unsupported address type", e);
    }
  }

  /** Starts answering. */
  public void start() {
    server.start();
  }

  /** The address, with the port that was taken. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Answers what has been asked, refuses what comes later, and then gives the address back. */
  public void close(Duration drainTimeout) {
    inFlight.drain(drainTimeout);
    server.stop(0);
    executor.shutdownNow();
  }
}
