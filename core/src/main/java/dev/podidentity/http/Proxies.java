package dev.podidentity.http;

import static java.util.Objects.requireNonNull;

import dev.podidentity.binding.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxy that the environment names for a host, as curl and programs in Go take it: {@code
 * HTTPS_PROXY} for https, {@code HTTP_PROXY} for http, in small letters, too; none where {@code
 * NO_PROXY} covers the host, and none for loopback. Where the JVM's own properties name a proxy for
 * a scheme, they count. Immutable, thread-safe.
 */
public final class Proxies {
  private final Map<String, HttpProxy> byScheme;
  private final NoProxy exceptions;

  private Proxies(Map<String, HttpProxy> byScheme, NoProxy exceptions) {
    this.byScheme = byScheme;
    this.exceptions = exceptions;
  }

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException if a variable is not the URL of an HTTP proxy; it is not
   *     quoted
   */
  public static Proxies of(Map<String, String> environment) {
    requireNonNull(environment, "environment");
    Map<String, HttpProxy> byScheme = new HashMap<>();
    for (String scheme : List.of("http", "https")) {
      String proxy = variable(environment, scheme + "_proxy");
      if (!proxy.isEmpty() && System.getProperty(scheme + ".proxyHost") == null) {
        byScheme.put(scheme, parse(scheme + "_proxy", proxy));
      }
    }
    return new Proxies(Map.copyOf(byScheme), new NoProxy(variable(environment, "no_proxy")));
  }

  private static String variable(Map<String, String> environment, String name) {
    String upperCase = environment.getOrDefault(name.toUpperCase(Locale.ROOT), "");
    return environment.getOrDefault(name, upperCase).strip();
  }

  private static HttpProxy parse(String name, String value) {
    try {
      return HttpProxy.parse(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name.toUpperCase(Locale.ROOT)
              + " is not the URL of an HTTP proxy: write it as http://proxy.example:3128",
          e);
    }
  }

  /**
   * By which proxy a host is asked; empty if by none.
   *
   * @param uri http or https
   */
  public Optional<HttpProxy> of(URI uri) {
    HttpProxy named = byScheme.get(uri.getScheme().toLowerCase(Locale.ROOT));
    boolean direct =
        named == null
            || isLoopback(uri.getHost())
            || exceptions.covers(uri.getHost(), HttpRequest.port(uri));
    return direct ? ofTheJvm(uri) : Optional.ofNullable(named);
  }

  private static Optional<HttpProxy> ofTheJvm(URI uri) {
    @Nullable ProxySelector selector = ProxySelector.getDefault();
    if (selector == null) {
      return Optional.empty();
    }
    return selector.select(uri).stream()
        .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
        .map(proxy -> HttpProxy.of((InetSocketAddress) proxy.address()))
        .findFirst();
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || IpLiteral.parse(host).filter(InetAddress::isLoopbackAddress).isPresent();
  }
}
