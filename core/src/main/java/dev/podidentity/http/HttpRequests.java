package dev.podidentity.http;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Requests that end in time and are of bounded size, whatever the server does: no proxy, no
 * redirect, no connection that is kept. Immutable, thread-safe.
 */
public final class HttpRequests {
  private static final int CHUNK = 8 * 1024;

  private final Duration connectTimeout;
  private final Duration timeout;
  private final int maxBytes;

  /**
   * Requests with these bounds.
   *
   * @param connectTimeout how long connecting may take
   * @param timeout how long all of a request may take
   * @param maxBytes the longest body that is read
   */
  public HttpRequests(Duration connectTimeout, Duration timeout, int maxBytes) {
    this.connectTimeout = requireNonNull(connectTimeout, "connectTimeout");
    this.timeout = requireNonNull(timeout, "timeout");
    this.maxBytes = maxBytes;
  }

  /**
   * Asks once.
   *
   * @param method GET or PUT
   * @param uri http or https
   * @param headers what is sent along; names and values are not from strangers
   * @param tls who is trusted over https; null trusts whom the JVM trusts
   * @throws IOException if there is no whole reply in time, or if it is too large
   */
  public HttpReply send(
      String method, URI uri, Map<String, String> headers, @Nullable SSLSocketFactory tls)
      throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    if (tls != null && connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(tls);
    }
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) connectTimeout.toMillis());
    connection.setReadTimeout((int) timeout.toMillis());
    connection.setRequestProperty("Connection", "close");
    headers.forEach(connection::setRequestProperty);
    return exchange(connection, deadline);
  }

  // A read timeout starts anew with each byte: a server that trickles is cut off by the clock.
  private HttpReply exchange(HttpURLConnection connection, long deadline) throws IOException {
    var cutOff =
        CompletableFuture.runAsync(
            connection::disconnect,
            CompletableFuture.delayedExecutor(timeout.toNanos(), TimeUnit.NANOSECONDS));
    try {
      int status = connection.getResponseCode();
      if (status < 0) {
        throw new IOException("the reply is not HTTP");
      }
      return new HttpReply(
          status, status == HttpReply.OK ? body(connection, deadline) : new byte[0]);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // The JDK throws all sorts of things when a connection is closed under its feet, and calls
      // itself for each 1xx.
      throw System.nanoTime() >= deadline ? tooLate() : asIoException(e);
    } finally {
      cutOff.cancel(false);
      connection.disconnect();
    }
  }

  private static IOException asIoException(Throwable e) {
    return e instanceof IOException io ? io : new IOException("the reply cannot be read", e);
  }

  private byte[] body(HttpURLConnection connection, long deadline) throws IOException {
    var body = new ByteArrayOutputStream();
    var chunk = new byte[CHUNK];
    try (InputStream in = connection.getInputStream()) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        body.write(chunk, 0, read);
        if (body.size() > maxBytes) {
          throw new IOException("the reply is larger than " + maxBytes + " bytes");
        }
        if (System.nanoTime() >= deadline) {
          throw tooLate();
        }
      }
    }
    long announced = connection.getContentLengthLong();
    if (announced > body.size()) {
      throw new IOException("the reply ended in the middle");
    }
    return body.toByteArray();
  }

  private SocketTimeoutException tooLate() {
    return new SocketTimeoutException("no whole reply within " + timeout.toMillis() + " ms");
  }
}
