package dev.podidentity.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A proxy that speaks HTTP. Prints without what it is told of its user. Immutable. */
public final class HttpProxy {
  private static final int DEFAULT_PORT = 80;

  private final String host;
  private final int port;
  private final @Nullable String user;

  private HttpProxy(String host, int port, @Nullable String user) {
    this.host = host;
    this.port = port;
    this.user = user;
  }

  /** A proxy that asks nobody who he is. */
  static HttpProxy of(InetSocketAddress address) {
    return new HttpProxy(address.getHostString(), address.getPort(), null);
  }

  /**
   * Reads a proxy's URL, {@code http://[user:password@]host[:port]}; {@code http://} may be left
   * out.
   *
   * @throws IllegalArgumentException if it is none; it is not quoted, since it may hold a password
   */
  static HttpProxy parse(String url) {
    try {
      var uri = new URI(url.contains("://") ? url : "http://" + url);
      if (uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme())) {
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return new HttpProxy(uri.getHost(), port, uri.getUserInfo());
      }
    } catch (URISyntaxException e) {
      // Said below, without the value.
    }
    throw new IllegalArgumentException("not the URL of an HTTP proxy");
  }

  InetSocketAddress resolve() throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  /** Who is asking (RFC 7617), as a line of a request; empty if the proxy's URL names nobody. */
  String header() {
    if (user == null) {
      return "";
    }
    byte[] bytes = user.getBytes(StandardCharsets.UTF_8);
    return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(bytes) + "\r\n";
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
