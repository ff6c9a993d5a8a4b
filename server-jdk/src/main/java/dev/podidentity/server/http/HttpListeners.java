package dev.podidentity.server.http;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses that one endpoint is served on, with the threads that they share: bound one by one,
 * started together, closed together. Another endpoint can take over on them without a request being
 * refused. To be used by one thread at a time.
 */
public final class HttpListeners {
  private static final Logger log = LoggerFactory.getLogger(HttpListeners.class);

  /** In a burst of new connections, those past the backlog wait a second for the kernel's retry. */
  private static final int BACKLOG = 1024;

  private final HttpServerProvider provider;
  private final RequestExecutor threads;
  private final List<Listener> bound = new ArrayList<>();
  private final List<Listener> started = new ArrayList<>();
  private volatile Generation current;

  private record Listener(InetSocketAddress address, HttpServer server) {}

  /**
   * Nothing yet is listened on.
   *
   * @param endpoint what is served, for every path
   * @param provider makes the servers; {@link HttpServerProvider#provider} if null
   * @param limits what all addresses may take together
   */
  public HttpListeners(
      Endpoint endpoint, @Nullable HttpServerProvider provider, ServerLimits limits) {
    JdkServerProperties.setUnset(limits.listenersOfProcess());
    requireNonNull(endpoint, "endpoint");
    this.provider = provider != null ? provider : found();
    this.threads = RequestExecutors.create(limits);
    this.current = generationOf(endpoint);
  }

  private Generation generationOf(Endpoint endpoint) {
    int max = threads.maxRunning();
    return new Generation(endpoint, new Admissions(max, max / 2));
  }

  private static HttpServerProvider found() {
    HttpServerProvider found = HttpServerProvider.provider();
    if (!isOfTheJdk(found)) {
      log.atInfo()
          .addKeyValue("provider", found.getClass().getName())
          .log("The class path, or a system property, has HTTP served by another than the JDK");
    }
    return found;
  }

  private static boolean isOfTheJdk(HttpServerProvider provider) {
    return provider.getClass().getModule().equals(HttpServerProvider.class.getModule());
  }

  /**
   * Takes an address; nothing is answered there before {@link #start}.
   *
   * @param address the address; port 0 takes a free one
   * @throws IOException if the address cannot be had
   */
  public void bind(InetSocketAddress address) throws IOException {
    try {
      requireFree(address);
      HttpServer server = provider.createHttpServer(address, BACKLOG);
      server.setExecutor(threads);
      server.createContext("/", new EndpointHandler(() -> current, threads, isOfTheJdk(provider)));
      bound.add(new Listener(server.getAddress(), server));
    } catch (UnsupportedAddressTypeException e) {
      throw new IOException("Unsupported address type", e);
    }
  }

  // The JDK's server keeps its socket open for ever where it fails to bind it: who tries again and
  // again would run out of files.
  private static void requireFree(InetSocketAddress address) throws IOException {
    try (var socket = ServerSocketChannel.open()) {
      socket.bind(address);
    }
  }

  /** Starts answering on every address that was bound since. */
  public void start() {
    bound.forEach(listener -> listener.server().start());
    started.addAll(bound);
    bound.clear();
  }

  /** What their clients do now. */
  public RequestCounts counts() {
    return threads.counts();
  }

  /** The addresses, with the ports that were taken. */
  public List<InetSocketAddress> addresses() {
    return Stream.concat(started.stream(), bound.stream()).map(Listener::address).toList();
  }

  /**
   * Has another endpoint answer from now on, on what was bound since, too. Waits, for as long as
   * this, until what was asked before is answered by the endpoint before.
   */
  public void handOver(Endpoint successor, Duration drainTimeout) {
    Generation before = current;
    current = generationOf(successor);
    start();
    before.end(drainTimeout);
  }

  /** Gives an address back; whoever is connected to it is cut off. */
  public void release(InetSocketAddress address) {
    // The JDK's server gives its address back on the thread that start() makes, and not without.
    start();
    for (Listener listener : List.copyOf(started)) {
      if (listener.address().equals(address)) {
        started.remove(listener);
        listener.server().stop(0);
      }
    }
  }

  /**
   * Accepts no more connections, answers what has been asked, for as long as this, refuses what
   * comes later on connections that are there, and closes them. Once closed, closing does nothing.
   */
  public void close(Duration drainTimeout) {
    if (!drainTimeout.isZero()) {
      started.forEach(listener -> stopAccepting(listener.server(), drainTimeout));
    }
    current.end(drainTimeout);
    addresses().forEach(this::release);
    threads.close();
  }

  // This is how the server's API stops accepting, and it blocks. When nothing is to be waited for,
  // the JDK's own sleeps all the same (until 25): requests are counted here, and stop(0) wakes it.
  private static void stopAccepting(HttpServer server, Duration drainTimeout) {
    int seconds = (int) Math.min(Integer.MAX_VALUE / 1000, drainTimeout.toSeconds() + 1);
    var thread = new Thread(() -> server.stop(seconds), "pod-identity-stop-accepting");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      // What is still accepted is answered with 503, and the address is given back all the same.
      log.atWarn()
          .addKeyValue("cause", e.toString())
          .log("Connections are accepted until the requests under way are answered");
    }
  }
}
