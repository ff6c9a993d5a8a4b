package dev.podidentity.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A request without a body, and the address it goes to. Prints without its headers. Immutable. */
public final class HttpRequest {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final String method;
  private final URI uri;
  private final InetAddress address;
  private final Map<String, String> headers;

  private HttpRequest(String method, URI uri, InetAddress address, Map<String, String> headers) {
    this.method = method;
    this.uri = uri;
    this.address = address;
    this.headers = Map.copyOf(headers);
    headers.forEach(HttpRequest::check);
  }

  /**
   * A request to wherever the URI's host is.
   *
   * @param method GET or PUT
   * @param uri http or https, with a host
   * @param headers what is sent along
   * @throws UnknownHostException if the host has no address
   * @throws IllegalArgumentException if a header cannot be sent as it is; it is not quoted
   */
  public static HttpRequest of(String method, URI uri, Map<String, String> headers)
      throws UnknownHostException {
    return to(InetAddress.getByName(uri.getHost()), method, uri, headers);
  }

  /** A request to this address, whatever the URI's host resolves to. */
  public static HttpRequest to(
      InetAddress address, String method, URI uri, Map<String, String> headers) {
    return new HttpRequest(method, uri, address, headers);
  }

  // Whoever could put a line's end into a header could write a request of his own.
  private static void check(String name, String value) {
    if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException("The header " + name + " holds what no header may hold");
    }
  }

  boolean tls() {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  /** The host that a certificate must be for. */
  String host() {
    return uri.getHost().replaceAll("[\\[\\]]", "");
  }

  InetSocketAddress address() {
    int ofScheme = tls() ? HTTPS_PORT : HTTP_PORT;
    return new InetSocketAddress(address, uri.getPort() >= 0 ? uri.getPort() : ofScheme);
  }

  /** As it goes over the wire. */
  byte[] bytes() {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String port = uri.getPort() >= 0 ? ":" + uri.getPort() : "";
    var head = new StringBuilder();
    head.append(method).append(' ').append(path).append(query).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(uri.getHost()).append(port).append("\r\n");
    head.append("User-Agent: pod-identity-java\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (!method.equals("GET")) {
      head.append("Content-Length: 0\r\n");
    }
    head.append("Connection: close\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return method + " " + uri;
  }
}
