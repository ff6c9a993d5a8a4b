package dev.podidentity.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A request that is sent once, by one thread, and can be aborted by any. */
public final class HttpCall {
  private static final int REDIRECT = 300;

  private final HttpRequests requests;
  private final HttpRequest request;
  private volatile @Nullable Socket socket;
  private volatile boolean aborted;

  HttpCall(HttpRequests requests, HttpRequest request) {
    this.requests = requests;
    this.request = request;
  }

  /**
   * Sends it, and reads the reply.
   *
   * @param timeout for all of it
   * @throws BadHttpException if the reply is not HTTP, or too large
   * @throws NoRouteToHostException if this process cannot reach the address from its network
   * @throws ConnectTimeoutException if there is no connection in time
   * @throws SocketTimeoutException if there is no whole reply in time
   * @throws IOException if the server cannot be reached or hangs up, or if this is aborted
   */
  public HttpReply send(Duration timeout) throws IOException {
    var deadline = new Deadline(timeout);
    requests.begins(this);
    try (var connection = new TimedSocket(deadline)) {
      socket = connection;
      if (aborted) {
        throw new SocketException("aborted");
      }
      connection.setTcpNoDelay(true);
      connect(connection, deadline);
      return request.tls() ? exchangeSecurely(connection) : exchange(connection);
    } finally {
      requests.ended(this);
    }
  }

  // What the JDK says of an address that this process cannot use changes from one to the next.
  private void connect(Socket connection, Deadline deadline) throws IOException {
    try {
      connection.connect(request.resolve(), deadline.millisLeft(requests.connectTimeout()));
    } catch (ConnectException e) {
      throw e;
    } catch (SocketTimeoutException e) {
      throw new ConnectTimeoutException(e);
    } catch (SocketException e) {
      if (aborted) {
        throw e;
      }
      var noRoute = new NoRouteToHostException(e.getMessage());
      noRoute.initCause(e);
      throw noRoute;
    }
  }

  private HttpReply exchangeSecurely(Socket connection) throws IOException {
    HttpProxy proxy = request.proxy();
    if (proxy != null) {
      tunnel(connection, proxy);
    }
    try (var secure =
        (SSLSocket)
            requests
                .tls()
                .createSocket(connection, request.host(), request.port(), /* autoClose= */ true)) {
      var parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      secure.startHandshake();
      return exchange(secure);
    }
  }

  // RFC 9110, section 9.3.6.
  private void tunnel(Socket connection, HttpProxy proxy) throws IOException {
    String server = request.server();
    String head =
        "CONNECT " + server + " HTTP/1.1\r\nHost: " + server + "\r\n" + proxy.header() + "\r\n";
    connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    InputStream in = connection.getInputStream();
    int status = new HttpReplyReader(in, requests.limits()).head();
    if (status < HttpReply.OK || status >= REDIRECT) {
      throw new ProxyRefusalException(proxy, server, status);
    }
  }

  private HttpReply exchange(Socket connection) throws IOException {
    connection.getOutputStream().write(request.bytes());
    return new HttpReplyReader(connection.getInputStream(), requests.limits()).read();
  }

  /** Ends it where it is; it is not sent any more. */
  public void abort() {
    aborted = true;
    Socket connection = socket;
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        // It is being given up in any case.
      }
    }
  }
}
