package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.http.Answer;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the cluster's own API server serves: how to verify tokens, and new ones for who asks.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/">
 *     Service account issuer discovery</a>
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/">
 *     TokenRequest</a>
 */
final class KubernetesOperations {
  private static final String JWKS_PATH = "/openid/v1/jwks";

  private final LocalCluster cluster;
  private final Supplier<URI> endpoint;

  KubernetesOperations(LocalCluster cluster, Supplier<URI> endpoint) {
    this.cluster = cluster;
    this.endpoint = endpoint;
  }

  List<EksOperation> operations() {
    return List.of(
        EksOperation.kubernetes(
            "GetServiceAccountIssuerOpenIDKeyset", "GET", JWKS_PATH, r -> jwks()),
        EksOperation.kubernetes(
            "GetServiceAccountIssuerOpenIDConfiguration",
            "GET",
            "/\\.well-known/openid-configuration",
            request -> discovery()),
        EksOperation.kubernetes(
            "CreateNamespacedServiceAccountToken",
            "POST",
            "/api/v1/namespaces/([^/]+)/serviceaccounts/([^/]+)/token",
            this::token));
  }

  private Answer jwks() {
    return Answer.of(
        200, "application/jwk-set+json", cluster.jwks().getBytes(StandardCharsets.UTF_8));
  }

  private Answer discovery() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("issuer", cluster.issuer());
    json.put("jwks_uri", endpoint.get() + JWKS_PATH);
    json.putArray("response_types_supported").add("id_token");
    json.putArray("subject_types_supported").add("public");
    json.putArray("id_token_signing_alg_values_supported").add("RS256");
    return Answer.json(200, json);
  }

  /**
   * The pod is named by {@code spec.boundObjectRef.name}; without one, the token is bound to none.
   */
  private Answer token(EksRequest request) {
    try {
      var account = new ServiceAccountRef(request.path().get(0), request.path().get(1));
      String pod = request.json().path("spec").path("boundObjectRef").path("name").asText();
      String token =
          pod.isEmpty()
              ? cluster.unboundToken(account)
              : cluster.projectedToken(cluster.startPod(account, pod));
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
      json.putObject("status")
          .put("token", token)
          .put("expirationTimestamp", ServiceAccountToken.parse(token).expiresAt().toString());
      return Answer.json(201, json);
    } catch (IllegalArgumentException | InvalidJsonException e) {
      return Answer.json(
          400,
          JsonNodeFactory.instance
              .objectNode()
              .put("kind", "Status")
              .put("status", "Failure")
              .put("message", e.getMessage())
              .put("code", 400));
    }
  }
}
