package dev.podidentity.http;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One request, and the way that it goes. Prints without headers and body. Immutable. */
public final class HttpRequest {
  private static final String HOST = "Host";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final String method;
  private final URI uri;
  private final Map<String, String> headers;
  private final byte @Nullable [] body;
  private final @Nullable InetAddress address;
  private final @Nullable HttpProxy proxy;

  private HttpRequest(
      String method,
      URI uri,
      Map<String, String> headers,
      byte @Nullable [] body,
      @Nullable InetAddress address,
      @Nullable HttpProxy proxy) {
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.body = body;
    this.address = address;
    this.proxy = proxy;
  }

  /**
   * A request to wherever the URI's host is, without a body.
   *
   * @param uri http or https, with a host
   * @param headers what is sent along; {@code Host} and what frames the message is added
   * @throws IllegalArgumentException if a header cannot be sent as it is; its value is not quoted
   */
  public static HttpRequest of(String method, URI uri, Map<String, String> headers) {
    var sent = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    sent.put(HOST, authority(uri));
    sent.put("User-Agent", "pod-identity-java");
    sent.putAll(headers);
    sent.put("Connection", "close");
    sent.forEach(HttpRequest::check);
    return new HttpRequest(method, uri, Collections.unmodifiableMap(sent), null, null, null);
  }

  /** The same to this address, whatever the URI's host resolves to. */
  public HttpRequest to(InetAddress only) {
    return new HttpRequest(method, uri, headers, body, only, proxy);
  }

  /** The same with a body, which is not copied. */
  public HttpRequest with(byte[] content) {
    return new HttpRequest(method, uri, headers, content, address, proxy);
  }

  /** The same by way of a proxy, which looks the host up. */
  public HttpRequest by(HttpProxy way) {
    return new HttpRequest(method, uri, headers, body, address, way);
  }

  // Whoever could put a line's end into a header could write a request of his own.
  private static void check(String name, String value) {
    if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException("The header " + name + " holds what no header may hold");
    }
  }

  private static String authority(URI uri) {
    return uri.getPort() >= 0 ? uri.getHost() + ":" + uri.getPort() : uri.getHost();
  }

  boolean tls() {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  /** The host that a certificate must be for. */
  String host() {
    return uri.getHost().replaceAll("[\\[\\]]", "");
  }

  int port() {
    return port(uri);
  }

  /** The port that is asked, which may be the default of the scheme. */
  static int port(URI uri) {
    int ofScheme = "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    return uri.getPort() >= 0 ? uri.getPort() : ofScheme;
  }

  /** Host and port as a proxy is told them, with brackets around IPv6. */
  String server() {
    return uri.getHost() + ":" + port();
  }

  @Nullable HttpProxy proxy() {
    return proxy;
  }

  /** Where to connect to. */
  InetSocketAddress resolve() throws UnknownHostException {
    if (proxy != null) {
      return proxy.resolve();
    }
    return new InetSocketAddress(address != null ? address : InetAddress.getByName(host()), port());
  }

  /** As it goes over the wire. */
  byte[] bytes() {
    var head = new StringBuilder();
    head.append(method).append(' ').append(target()).append(" HTTP/1.1\r\n");
    // RFC 9110, section 7.2: it comes first.
    head.append("Host: ").append(headers.get(HOST)).append("\r\n");
    headers.forEach(
        (name, value) -> {
          if (!name.equalsIgnoreCase(HOST)) {
            head.append(name + ": " + value + "\r\n");
          }
        });
    if (proxy != null && !tls()) {
      head.append(proxy.header());
    }
    if (body != null || !method.equals("GET")) {
      head.append("Content-Length: ").append(body == null ? 0 : body.length).append("\r\n");
    }
    head.append("\r\n");
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
    if (body != null) {
      bytes.writeBytes(body);
    }
    return bytes.toByteArray();
  }

  // RFC 9112, section 3.2: a proxy that is asked in the clear is told the whole URI.
  private String target() {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    return proxy != null && !tls() ? "http://" + authority(uri) + target : target;
  }

  @Override
  public String toString() {
    return method + " " + uri;
  }
}
