package dev.podidentity.doctor;

import dev.podidentity.client.AgentEndpoint;
import dev.podidentity.client.Environment;
import dev.podidentity.doctor.Finding.Code;
import dev.podidentity.http.NoProxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether programs that take a proxy from the environment would send it the token. */
final class ProxyCheck {
  private final Environment environment;
  private final Findings findings;

  ProxyCheck(Environment environment, Findings findings) {
    this.environment = environment;
    this.findings = findings;
  }

  void check(AgentEndpoint endpoint) {
    String scheme = endpoint.tls() ? "https" : "http";
    for (String name : List.of(scheme + "_proxy", "all_proxy")) {
      @Nullable String proxy = either(name);
      if (proxy != null) {
        check(name, proxy, endpoint);
        return;
      }
    }
  }

  private void check(String name, String proxy, AgentEndpoint endpoint) {
    String host = endpoint.host().replaceAll("[\\[\\]]", "");
    @Nullable String exceptions = either("no_proxy");
    var direct = new NoProxy(exceptions == null ? "" : exceptions);
    if (direct.covers(endpoint.host(), endpoint.port())) {
      return;
    }
    // Of the programs that take a proxy from the environment, Go's alone know ranges.
    boolean inARange = direct.coversInARange(endpoint.host());
    findings.add(
        Code.PROXY,
        name.toUpperCase(Locale.ROOT)
            + " leads to "
            + shown(proxy)
            + " and NO_PROXY does not name "
            + host
            + (inARange
                ? ", but a range that holds it: curl and older versions of botocore would send the"
                    + " token there; the AWS SDKs for Go and Java would not"
                : ": the AWS SDK for Go, curl and older versions of botocore would send the token"
                    + " there; the AWS SDK for Java would not"),
        "add "
            + host
            + " to NO_PROXY, as an address without brackets and not as a range, which not all know");
  }

  // A proxy's URL may hold a password.
  private static String shown(String proxy) {
    try {
      URI uri = new URI(proxy.contains("://") ? proxy : "http://" + proxy);
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      return uri.getHost() == null ? "a proxy" : uri.getHost() + port;
    } catch (URISyntaxException e) {
      return "a proxy";
    }
  }

  private @Nullable String either(String lowerCase) {
    String value = environment.variable(lowerCase);
    return value != null ? value : environment.variable(lowerCase.toUpperCase(Locale.ROOT));
  }
}
