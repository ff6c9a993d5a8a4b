package dev.podidentity.awssdk.eksauth;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.http.NoProxy;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Asks each host by the proxy that the environment names for it, as curl and programs in Go do:
 * {@code HTTPS_PROXY} for https, {@code HTTP_PROXY} for http, in small letters, too; none where
 * {@code NO_PROXY} covers the host, and none for loopback. The AWS SDK's own client takes {@code
 * HTTP_PROXY} for both, and knows no endings of names. Thread-safe.
 */
final class ProxiedHttpClient implements SdkHttpClient {
  private static final int DEFAULT_PORT = 80;

  private final SdkHttpClient direct;
  private final Map<String, SdkHttpClient> byScheme;
  private final NoProxy exceptions;

  private ProxiedHttpClient(
      SdkHttpClient direct, Map<String, SdkHttpClient> byScheme, NoProxy exceptions) {
    this.direct = direct;
    this.byScheme = byScheme;
    this.exceptions = exceptions;
  }

  /**
   * Builds it of clients with one proxy each, or with none.
   *
   * @throws SdkClientException when built, if a proxy's variable is not the URL of an HTTP proxy
   */
  static SdkHttpClient.Builder<?> builder(
      Map<String, String> environment,
      Function<ProxyConfiguration, SdkHttpClient.Builder<?>> client) {
    return new Builder(environment, client);
  }

  private record Builder(
      Map<String, String> environment,
      Function<ProxyConfiguration, SdkHttpClient.Builder<?>> client)
      implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      Map<String, SdkHttpClient> byScheme = new HashMap<>();
      for (String scheme : List.of("http", "https")) {
        String proxy = variable(scheme + "_proxy");
        // A client with no proxy of its own goes by the JVM's properties.
        if (!proxy.isEmpty() && System.getProperty(scheme + ".proxyHost") == null) {
          ProxyConfiguration through = configuration(uri(scheme + "_proxy", proxy));
          byScheme.put(scheme, client.apply(through).buildWithDefaults(defaults));
        }
      }
      return new ProxiedHttpClient(
          client.apply(configuration(null)).buildWithDefaults(defaults),
          Map.copyOf(byScheme),
          new NoProxy(variable("no_proxy")));
    }

    private String variable(String name) {
      String upperCase = environment.getOrDefault(name.toUpperCase(Locale.ROOT), "");
      return environment.getOrDefault(name, upperCase).strip();
    }
  }

  private static ProxyConfiguration configuration(@Nullable URI proxy) {
    return ProxyConfiguration.builder()
        .useSystemPropertyValues(false)
        .useEnvironmentVariablesValues(false)
        .endpoint(proxy)
        .build();
  }

  // The value may hold a password.
  private static URI uri(String name, String value) {
    try {
      var given = new URI(value.contains("://") ? value : "http://" + value);
      if (given.getHost() != null && "http".equalsIgnoreCase(given.getScheme())) {
        int port = given.getPort() < 0 ? DEFAULT_PORT : given.getPort();
        return new URI("http", null, given.getHost(), port, null, null, null);
      }
    } catch (URISyntaxException e) {
      // Said below, without the value.
    }
    throw SdkClientException.create(
        name.toUpperCase(Locale.ROOT)
            + " is not the URL of an HTTP proxy: write it as http://proxy.example:3128");
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return clientFor(request.httpRequest()).prepareRequest(request);
  }

  private SdkHttpClient clientFor(SdkHttpRequest request) {
    return isLoopback(request.host()) || exceptions.covers(request.host(), request.port())
        ? direct
        : byScheme.getOrDefault(request.protocol(), direct);
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || IpLiteral.parse(host).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  @Override
  public String clientName() {
    return direct.clientName();
  }

  @Override
  public void close() {
    direct.close();
    byScheme.values().forEach(SdkHttpClient::close);
  }
}
