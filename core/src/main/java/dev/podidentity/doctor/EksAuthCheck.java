package dev.podidentity.doctor;

import dev.podidentity.doctor.Finding.Code;
import dev.podidentity.http.BodyLimits;
import dev.podidentity.http.HttpProxy;
import dev.podidentity.http.HttpReply;
import dev.podidentity.http.HttpRequest;
import dev.podidentity.http.HttpRequests;
import dev.podidentity.http.NetworkCause;
import dev.podidentity.http.Proxies;
import dev.podidentity.http.TrustedCertificates;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Whether this node reaches EKS Auth, asked without a token and without a signature. */
final class EksAuthCheck {
  private static final int MAX_BYTES = 16 * 1024;

  private final Map<String, String> variables;
  private final Duration timeout;
  private final Findings findings;

  /**
   * Looks for a way.
   *
   * @param variables the environment, which may name a proxy and certificates
   */
  EksAuthCheck(Map<String, String> variables, Duration timeout, Findings findings) {
    this.variables = variables;
    this.timeout = timeout;
    this.findings = findings;
  }

  void check(URI endpoint) {
    Optional<HttpProxy> proxy;
    try {
      proxy = Proxies.of(variables).of(endpoint);
    } catch (IllegalArgumentException e) {
      findings.add(
          Code.EKS_AUTH_UNREACHABLE,
          "EKS Auth at " + endpoint + " was not asked: " + e.getMessage(),
          "correct the variable, in the agent's environment too");
      return;
    }
    String way = endpoint + proxy.map(by -> " by way of the proxy " + by).orElse("");
    HttpRequest request = HttpRequest.of("GET", endpoint, Map.of());
    try (var requests =
        new HttpRequests(
            timeout,
            BodyLimits.withoutErrors(MAX_BYTES),
            TrustedCertificates.ofTheEnvironment(variables::get))) {
      HttpReply reply = requests.send(proxy.map(request::by).orElse(request), timeout);
      findings.good(
          Code.EKS_AUTH,
          "There is a way to EKS Auth at " + way + ", which answers " + reply.status());
    } catch (IOException e) {
      findings.add(
          Code.EKS_AUTH_UNREACHABLE,
          "EKS Auth at "
              + way
              + " cannot be reached, since "
              + NetworkCause.describe(e).orElse("it answers no HTTP (" + e.getMessage() + ")"),
          "check the node's DNS, routes, security groups and proxy; a private cluster needs the VPC"
              + " endpoint eks-auth");
    }
  }
}
