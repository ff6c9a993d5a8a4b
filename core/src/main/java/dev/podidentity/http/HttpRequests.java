package dev.podidentity.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that end in time and are of bounded size, whatever the server does, each over a
 * connection of its own: no redirect, no second try, and no proxy but the request's. The JDK's
 * clients do more than may be done here, and less. {@code HttpURLConnection} asks a second time
 * when a connection ends early, and can wait for ever on a chunk that is never whole; {@code
 * java.net.http} keeps threads; both consult what the application set for the whole JVM
 * (authenticators, cookies, proxies). Thread-safe.
 */
public final class HttpRequests implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpRequests.class);

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

  /** Those whom the JVM trusts. A certificate that is not accepted is told with its issuer. */
  public static SSLSocketFactory trustedByTheJvm() {
    return TrustOfTheJvm.SOCKETS;
  }

  /** Those of these authorities alone, told in the same way. */
  public static SSLSocketFactory trusting(KeyStore authorities) throws GeneralSecurityException {
    return ExplainedTrust.sockets(authorities);
  }

  /** Made once: sessions are resumed by those who share it. */
  private static final class TrustOfTheJvm {
    static final SSLSocketFactory SOCKETS = make();

    private TrustOfTheJvm() {}

    // An embedder's own default context decides, and so do client certificates of the JVM's.
    private static SSLSocketFactory make() {
      try {
        boolean isOfTheJdk = SSLContext.getDefault().getProtocol().equals("Default");
        if (isOfTheJdk && System.getProperty("javax.net.ssl.keyStore") == null) {
          return ExplainedTrust.sockets(null);
        }
      } catch (GeneralSecurityException e) {
        log.atDebug().setCause(e).log("Certificates that are not accepted are told by the JDK");
      }
      return (SSLSocketFactory) SSLSocketFactory.getDefault();
    }
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
