package dev.podidentity.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.Endpoint;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What pods see of the agent; {@code docs/wire-protocol.md} is its contract. */
final class CredentialsEndpoint implements Endpoint {
  static final String PATH = "/v1/credentials";

  private static final int OK = 200;

  private final PodIdentityAgent agent;

  CredentialsEndpoint(PodIdentityAgent agent) {
    this.agent = agent;
  }

  @Override
  public Answer answer(HttpExchange exchange) {
    URI target = exchange.getRequestURI();
    if (!isCredentials(target)) {
      return ErrorAnswers.notFound();
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      return ErrorAnswers.methodNotAllowed();
    }
    try {
      return json(agent.credentials(request(exchange, target)));
    } catch (CredentialException e) {
      return ErrorAnswers.of(e);
    }
  }

  // The raw path is compared: '/v1%2Fcredentials' is another one. Two slashes at the start make an
  // authority of what looks like a path (RFC 3986, section 3.3).
  private static boolean isCredentials(URI target) {
    boolean pathLooksLikeAuthority = target.getScheme() == null && target.getRawAuthority() != null;
    return !pathLooksLikeAuthority
        && PATH.equals(target.getRawPath())
        && target.getRawFragment() == null;
  }

  private CredentialRequest request(HttpExchange exchange, URI target) {
    String host = atMostOne(exchange, "Host");
    if (host == null) {
      throw invalid(
          "The request has no Host header: send the host of AWS_CONTAINER_CREDENTIALS_FULL_URI");
    }
    // RFC 9112, section 3.2.2: the authority of an absolute target goes before the Host header.
    String authority = target.getRawAuthority();
    if (authority != null && !agent.bindingRules().accepts(authority)) {
      host = authority;
    }
    String token = atMostOne(exchange, "Authorization");
    return new CredentialRequest(
        host, token == null ? "" : token, exchange.getRemoteAddress().getAddress());
  }

  private static @Nullable String atMostOne(HttpExchange exchange, String header) {
    List<String> values = exchange.getRequestHeaders().getOrDefault(header, List.of());
    if (values.size() > 1) {
      throw invalid("The request has " + values.size() + " " + header + " headers: send one");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private static CredentialException invalid(String message) {
    return new CredentialException(FailureReason.INVALID_REQUEST, message);
  }

  private static Answer json(TemporaryCredentials credentials) {
    var body =
        JsonNodeFactory.instance
            .objectNode()
            .put("AccessKeyId", credentials.accessKeyId())
            .put("SecretAccessKey", credentials.secretAccessKey())
            .put("Token", credentials.sessionToken())
            .put("AccountId", credentials.accountId())
            .put("Expiration", credentials.expiration().toString());
    return Answer.json(OK, body);
  }

  @Override
  public Answer unforeseen() {
    return ErrorAnswers.of(
        new CredentialException(
            FailureReason.UNEXPECTED, "The agent failed: its log has the cause"));
  }

  @Override
  public Answer stopping() {
    return ErrorAnswers.of(
        new CredentialException(
            FailureReason.SERVICE_UNAVAILABLE, "The agent is stopping: try again"));
  }
}
