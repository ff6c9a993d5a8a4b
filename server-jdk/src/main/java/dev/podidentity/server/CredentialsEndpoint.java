package dev.podidentity.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.Endpoint;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What pods see of the agent; {@code docs/wire-protocol.md} is its contract. */
final class CredentialsEndpoint implements Endpoint {
  static final String PATH = "/v1/credentials";

  /** What proxies add; a token has no business in one. */
  private static final List<String> PROXY_HEADERS = List.of("Via", "Forwarded", "X-Forwarded-For");

  private final PodIdentityAgent agent;
  private final CredentialAnswers answers = new CredentialAnswers();

  CredentialsEndpoint(PodIdentityAgent agent) {
    this.agent = agent;
  }

  @Override
  public Answer answer(HttpExchange exchange) {
    URI target = exchange.getRequestURI();
    if (!isCredentials(target)) {
      return closing(ErrorAnswers.notFound());
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      return closing(ErrorAnswers.methodNotAllowed());
    }
    try {
      Headers headers = exchange.getRequestHeaders();
      requireDirect(headers);
      requireNoBody(headers);
      InetAddress client = exchange.getRemoteAddress().getAddress();
      return answers.of(agent.credentials(request(headers, target, client)));
    } catch (CredentialException e) {
      Answer answer = ErrorAnswers.of(e);
      return isOfMisuse(e.reason()) ? closing(answer) : answer;
    }
  }

  // No SDK asks like that. On one connection, thousands of such requests could be pipelined, each
  // of which the JDK's server handles before it accepts the next connection.
  private static Answer closing(Answer answer) {
    return answer.with("Connection", "close");
  }

  private static boolean isOfMisuse(FailureReason reason) {
    return reason == FailureReason.INVALID_REQUEST
        || reason == FailureReason.HOST_NOT_ALLOWED
        || reason == FailureReason.TOO_MANY_REQUESTS;
  }

  private static void requireDirect(Headers headers) {
    for (String header : PROXY_HEADERS) {
      if (headers.containsKey(header)) {
        throw invalid(
            "The request came through a proxy (it has the header "
                + header
                + "): add the agent's address to NO_PROXY");
      }
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

  // Two readers could disagree where a body ends: the JDK's server takes '+5' for a length.
  private static void requireNoBody(Headers headers) {
    String length = atMostOne(headers, "Content-Length");
    boolean empty = length == null || length.equals("0");
    if (!empty || headers.containsKey("Transfer-Encoding")) {
      throw invalid("The request has a body: credentials are read with GET and nothing else");
    }
  }

  private CredentialRequest request(Headers headers, URI target, InetAddress client) {
    String host = atMostOne(headers, "Host");
    if (host == null) {
      throw invalid(
          "The request has no Host header: send the host of AWS_CONTAINER_CREDENTIALS_FULL_URI");
    }
    // RFC 9112, section 3.2.2: the authority of an absolute target goes before the Host header.
    String authority = target.getRawAuthority();
    if (authority != null && !agent.bindingRules().accepts(authority)) {
      host = authority;
    }
    String token = atMostOne(headers, "Authorization");
    return new CredentialRequest(host, token == null ? "" : token, client);
  }

  private static @Nullable String atMostOne(Headers headers, String header) {
    List<String> values = headers.get(header);
    if (values != null && values.size() > 1) {
      throw invalid("The request has " + values.size() + " " + header + " headers: send one");
    }
    return values == null || values.isEmpty() ? null : values.get(0);
  }

  private static CredentialException invalid(String message) {
    return new CredentialException(FailureReason.INVALID_REQUEST, message);
  }

  @Override
  public Answer unforeseen() {
    return ErrorAnswers.of(
        new CredentialException(
            FailureReason.UNEXPECTED,
            "The agent failed in a way that nobody foresaw: its log on this node has the cause"));
  }

  @Override
  public Answer crowded() {
    return ErrorAnswers.of(
        new CredentialException(
            FailureReason.OVERLOADED,
            "As many requests of this address are under way as may be: try again"));
  }

  @Override
  public Answer stopping() {
    return ErrorAnswers.of(
        new CredentialException(
            FailureReason.SERVICE_UNAVAILABLE, "The agent is stopping: try again"));
  }
}
