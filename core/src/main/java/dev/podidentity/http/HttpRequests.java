package dev.podidentity.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Requests that end in time and are of bounded size, whatever the server does, each over a
 * connection of its own: no proxy, no redirect, no second try. The JDK's clients do more than may
 * be done here, and less. {@code HttpURLConnection} asks a second time when a connection ends
 * early, and can wait for ever on a chunk that is never whole; {@code java.net.http} keeps threads;
 * both consult what the application set for the whole JVM (authenticators, cookies, proxies).
 * Thread-safe.
 */
public final class HttpRequests implements AutoCloseable {
  private final Duration connectTimeout;
  private final BodyLimits limits;
  private final Supplier<SSLSocketFactory> tls;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Requests with these bounds.
   *
   * @param connectTimeout how long connecting may take, within the timeout of the request
   * @param limits the longest bodies that are read
   * @param tls says who is trusted; asked for only when a request has https
   */
  public HttpRequests(Duration connectTimeout, BodyLimits limits, Supplier<SSLSocketFactory> tls) {
    this.connectTimeout = requireNonNull(connectTimeout, "connectTimeout");
    this.limits = requireNonNull(limits, "limits");
    this.tls = requireNonNull(tls, "tls");
  }

  /** Those whom the JVM trusts. */
  public static SSLSocketFactory trustedByTheJvm() {
    return (SSLSocketFactory) SSLSocketFactory.getDefault();
  }

  /**
   * Asks once.
   *
   * @param timeout for all of it
   * @throws BadHttpException if the reply is not HTTP, or too large
   * @throws java.net.SocketTimeoutException if there is no whole reply in time
   * @throws IOException if the server cannot be reached or hangs up
   */
  public HttpReply send(HttpRequest request, Duration timeout) throws IOException {
    var deadline = new Deadline(timeout);
    try (var socket = new TimedSocket(deadline)) {
      open.add(socket);
      requireOpen();
      try {
        socket.setTcpNoDelay(true);
        socket.connect(request.address(), deadline.millisLeft(connectTimeout));
        return request.tls() ? exchangeSecurely(request, socket) : exchange(request, socket);
      } finally {
        open.remove(socket);
      }
    }
  }

  private HttpReply exchangeSecurely(HttpRequest request, Socket socket) throws IOException {
    try (var secure =
        (SSLSocket)
            tls.get()
                .createSocket(
                    socket, request.host(), request.address().getPort(), /* autoClose= */ true)) {
      var parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      secure.startHandshake();
      return exchange(request, secure);
    }
  }

  private HttpReply exchange(HttpRequest request, Socket socket) throws IOException {
    socket.getOutputStream().write(request.bytes());
    return new HttpReplyReader(socket.getInputStream(), limits).read();
  }

  private void requireOpen() throws SocketException {
    if (closed) {
      throw new SocketException("closed");
    }
  }

  /** Ends what is under way; nothing is asked any more. */
  @Override
  public void close() {
    closed = true;
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is being given up in any case.
      }
    }
  }
}
