package dev.podidentity.server.local;

import com.sun.net.httpserver.HttpExchange;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Leads each request to the operation that its method and path name. */
final class LocalEksEndpoint implements Endpoint {
  private static final Pattern ASSUME_ROLE =
      Pattern.compile("/clusters/(?<cluster>[^/]+)/assume-role-for-pod-identity");
  private static final String JWKS_PATH = "/openid/v1/jwks";

  private final LocalCluster cluster;
  private final AssumeRoleForPodIdentity assumeRole;

  LocalEksEndpoint(LocalCluster cluster) {
    this.cluster = cluster;
    this.assumeRole = new AssumeRoleForPodIdentity(cluster);
  }

  @Override
  public Answer answer(HttpExchange exchange) throws IOException {
    String path = String.valueOf(exchange.getRequestURI().getRawPath());
    Matcher assume = ASSUME_ROLE.matcher(path);
    if (exchange.getRequestMethod().equals("POST") && assume.matches()) {
      return assumeRole.answer(assume.group("cluster"), exchange);
    }
    if (exchange.getRequestMethod().equals("GET") && path.equals(JWKS_PATH)) {
      return Answer.of(
          200, "application/jwk-set+json", cluster.jwks().getBytes(StandardCharsets.UTF_8));
    }
    return AwsErrors.answer(
        404, "UnknownOperationException", "The local EKS has no such operation");
  }

  @Override
  public Answer unforeseen() {
    return AwsErrors.answer(500, "InternalServerException", "The local EKS failed");
  }

  @Override
  public Answer stopping() {
    return AwsErrors.answer(503, "ServiceUnavailableException", "The local EKS is stopping");
  }
}
