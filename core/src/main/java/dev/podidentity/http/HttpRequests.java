package dev.podidentity.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/**
 * Requests that end in time and are of bounded size, whatever the server does, each over a
 * connection of its own: no redirect, no second try, and no proxy but the request's. The JDK's
 * clients do more than may be done here, and less. {@code HttpURLConnection} asks a second time
 * when a connection ends early, and can wait for ever on a chunk that is never whole; {@code
 * java.net.http} keeps threads; both consult what the application set for the whole JVM
 * (authenticators, cookies, proxies). Thread-safe.
 */
public final class HttpRequests implements AutoCloseable {
  private final Duration connectTimeout;
  private final BodyLimits limits;
  private final Supplier<SSLSocketFactory> tls;
  private final Set<HttpCall> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Requests with these bounds.
   *
   * @param connectTimeout how long connecting may take, within the timeout of the request
   * @param limits how much of a body is read
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

  /** The request as a call that somebody else can abort. */
  public HttpCall call(HttpRequest request) {
    return new HttpCall(this, request);
  }

  /**
   * Asks once.
   *
   * @param timeout for all of it
   * @throws IOException as {@link HttpCall#send}
   */
  public HttpReply send(HttpRequest request, Duration timeout) throws IOException {
    return call(request).send(timeout);
  }

  Duration connectTimeout() {
    return connectTimeout;
  }

  BodyLimits limits() {
    return limits;
  }

  SSLSocketFactory tls() throws IOException {
    try {
      return tls.get();
    } catch (UncheckedIOException e) {
      // The files of trusted authorities are read at the first request that needs them.
      throw new IOException(e.getMessage(), e);
    }
  }

  void begins(HttpCall call) {
    open.add(call);
    if (closed) {
      call.abort();
    }
  }

  void ended(HttpCall call) {
    open.remove(call);
  }

  /** Ends what is under way; nothing is asked any more. */
  @Override
  public void close() {
    closed = true;
    open.forEach(HttpCall::abort);
  }
}
