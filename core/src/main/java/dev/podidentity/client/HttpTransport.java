package dev.podidentity.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A GET over a connection of its own. The JDK's clients do more than may be done here: {@code
 * HttpURLConnection} asks a second time when a connection ends early and keeps connections in a
 * thread's care, {@code java.net.http} keeps threads, and both consult what the application set for
 * the whole JVM (authenticators, cookies, proxies).
 */
public final class SocketTransport implements AgentTransport {
  private final Duration connectTimeout;
  private final Supplier<SSLSocketFactory> tls;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * A transport.
   *
   * @param connectTimeout how long connecting may take, within the timeout of the request
   * @param tls asked for only when an endpoint has https
   */
  public SocketTransport(Duration connectTimeout, Supplier<SSLSocketFactory> tls) {
    this.connectTimeout = connectTimeout;
    this.tls = tls;
  }

  @Override
  public HttpAnswer get(AgentEndpoint endpoint, @Nullable String token, Duration timeout)
      throws IOException {
    var deadline = new Deadline(timeout);
    // No proxy, not even a SOCKS one that was set for the whole JVM.
    try (var socket = new Socket(Proxy.NO_PROXY)) {
      open.add(socket);
      requireOpen();
      try {
        socket.setTcpNoDelay(true);
        socket.connect(endpoint.resolve(), deadline.millisLeft(connectTimeout));
        return exchange(endpoint, token, socket, deadline);
      } finally {
        open.remove(socket);
      }
    }
  }

  private HttpAnswer exchange(
      AgentEndpoint endpoint, @Nullable String token, Socket socket, Deadline deadline)
      throws IOException {
    if (!endpoint.tls()) {
      return exchangeOver(socket, endpoint, token, deadline);
    }
    String host = endpoint.host().replaceAll("[\\[\\]]", "");
    socket.setSoTimeout(deadline.millisLeft());
    try (var secure =
        (SSLSocket) tls.get().createSocket(socket, host, endpoint.port(), /* autoClose= */ true)) {
      var parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      secure.startHandshake();
      return exchangeOver(secure, endpoint, token, deadline);
    }
  }

  private static HttpAnswer exchangeOver(
      Socket socket, AgentEndpoint endpoint, @Nullable String token, Deadline deadline)
      throws IOException {
    String request =
        "GET "
            + endpoint.target()
            + " HTTP/1.1\r\nHost: "
            + endpoint.authority()
            + "\r\nAccept: application/json\r\nUser-Agent: pod-identity-java\r\n"
            + (token == null ? "" : "Authorization: " + token + "\r\n")
            + "Connection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new HttpAnswerReader(new TimedInput(socket, deadline)).read();
  }

  private void requireOpen() throws SocketException {
    if (closed) {
      throw new SocketException("closed");
    }
  }

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

  /** When a request ends, whatever it is doing. */
  private static final class Deadline {
    private final Duration timeout;
    private final long end;

    Deadline(Duration timeout) {
      this.timeout = timeout;
      this.end = System.nanoTime() + timeout.toNanos();
    }

    int millisLeft() throws SocketTimeoutException {
      return millisLeft(timeout);
    }

    // Zero would mean no timeout to a socket.
    int millisLeft(Duration most) throws SocketTimeoutException {
      long left = Math.min(end - System.nanoTime(), most.toNanos());
      if (left <= 0) {
        throw new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
      }
      return (int) Math.min(Integer.MAX_VALUE, Duration.ofNanos(left).toMillis() + 1);
    }
  }

  /** A socket's input of which every read ends at the deadline: a slow trickle gains nothing. */
  private static final class TimedInput extends FilterInputStream {
    private final Socket socket;
    private final Deadline deadline;

    TimedInput(Socket socket, Deadline deadline) throws IOException {
      super(socket.getInputStream());
      this.socket = socket;
      this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
      socket.setSoTimeout(deadline.millisLeft());
      return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      socket.setSoTimeout(deadline.millisLeft());
      return super.read(bytes, offset, length);
    }
  }
}
