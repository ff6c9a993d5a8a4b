package dev.podidentity.server.local;

import com.sun.net.httpserver.HttpExchange;
import dev.podidentity.addon.rollout.ClusterAddons;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.CrossSite;
import dev.podidentity.server.http.Endpoint;
import dev.podidentity.server.http.HostNames;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Leads each request to the operation that its method and path name, past faults and signature. */
final class LocalEksEndpoint implements Endpoint {
  private static final int MAX_BODY = 1024 * 1024;

  private final LocalCluster cluster;
  private final HostNames hosts;
  private final List<EksOperation> operations = new ArrayList<>();
  private final SignatureCheck signatures;
  private final HttpFaults faults;
  private final CallLog calls;

  LocalEksEndpoint(
      LocalCluster cluster,
      HostNames hosts,
      SignatureCheck signatures,
      CallLog calls,
      Supplier<URI> endpoint,
      Supplier<ClusterAddons> addons) {
    this.cluster = cluster;
    this.hosts = hosts;
    this.signatures = signatures;
    this.calls = calls;
    this.faults = new HttpFaults(cluster.faults());
    operations.add(new AssumeRoleForPodIdentity(cluster).operation());
    operations.addAll(new AssociationOperations(cluster.associations()).operations());
    operations.addAll(new AddonOperations(cluster.name(), addons).operations());
    operations.addAll(new AddonVersionOperations(cluster.name(), addons).operations());
    operations.addAll(new AddonUpdateOperations(cluster.name(), addons).operations());
    operations.addAll(new TagOperations(cluster.associations(), addons).operations());
    operations.addAll(new KubernetesOperations(cluster, endpoint).operations());
    operations.addAll(new RolloutOperations(addons).operations());
  }

  @Override
  public Answer answer(HttpExchange exchange) throws IOException {
    // Without these two checks, any web page could be given tokens and change associations.
    if (!hosts.accepts(exchange.getRequestHeaders())) {
      return AwsErrors.answer(
          403,
          "AccessDeniedException",
          "The local EKS answers requests to localhost, to IP addresses and to the host names that"
              + " it was given");
    }
    if (CrossSite.sent(exchange.getRequestHeaders())) {
      return AwsErrors.answer(
          403,
          "AccessDeniedException",
          "The local EKS answers no requests that a web page of another site sends (Origin,"
              + " Sec-Fetch-Site)");
    }
    String path = String.valueOf(exchange.getRequestURI().getRawPath());
    for (EksOperation operation : operations) {
      List<String> values = match(operation, exchange.getRequestMethod(), path);
      if (values != null) {
        return answer(operation, values, exchange);
      }
    }
    return AwsErrors.answer(
        404, "UnknownOperationException", "The local EKS has no such operation");
  }

  private static @Nullable List<String> match(EksOperation operation, String method, String path) {
    try {
      return operation.match(method, path);
    } catch (IllegalArgumentException e) {
      // A percent sign that encodes nothing.
      return null;
    }
  }

  private Answer answer(EksOperation operation, List<String> values, HttpExchange exchange)
      throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
    LocalEksCall call =
        new LocalEksCall(cluster.clock().instant(), operation.name(), keyOf(exchange), 0);
    try {
      Answer answer = operation.signed() ? faults.before(operation) : null;
      if (answer == null) {
        answer = answer(operation, values, exchange, body);
      }
      call = new LocalEksCall(call.at(), call.operation(), call.accessKeyId(), answer.status());
      return answer;
    } finally {
      calls.add(call);
    }
  }

  private Answer answer(
      EksOperation operation, List<String> values, HttpExchange exchange, byte[] body) {
    if (operation.signed()) {
      SignatureProblem problem = signatures.check(exchange, body);
      if (problem != null) {
        return problem.answer();
      }
    }
    var query = Urls.query(exchange.getRequestURI().getRawQuery());
    return operation.code().answer(new EksRequest(values, query, body));
  }

  private static Optional<String> keyOf(HttpExchange exchange) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    return Optional.ofNullable(authorization).map(Signature::parse).map(Signature::accessKeyId);
  }

  @Override
  public Answer unforeseen() {
    return AwsErrors.answer(500, "InternalServerException", "The local EKS failed");
  }

  @Override
  public Answer crowded() {
    return AwsErrors.answer(503, "ServiceUnavailableException", "The local EKS is busy: try again");
  }

  @Override
  public Answer stopping() {
    return AwsErrors.answer(503, "ServiceUnavailableException", "The local EKS is stopping");
  }
}
