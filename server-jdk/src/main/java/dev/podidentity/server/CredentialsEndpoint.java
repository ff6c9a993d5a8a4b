package dev.podidentity.server;

import com.sun.net.httpserver.HttpExchange;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.Endpoint;
import java.net.InetAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What pods see of the agent; {@code docs/wire-protocol.md} is its contract. */
final class CredentialsEndpoint implements Endpoint {
  static final String PATH = "/v1/credentials";

  /** RFC 9112, section 2.3: case-sensitive, and two digits. */
  private static final Set<String> VERSIONS = Set.of("HTTP/1.1", "HTTP/1.0");

  private final PodIdentityAgent agent;
  private final CredentialAnswers answers = new CredentialAnswers();

  CredentialsEndpoint(PodIdentityAgent agent) {
    this.agent = agent;
  }

  @Override
  public Answer answer(HttpExchange exchange) {
    Answer refusal = refusal(exchange);
    if (refusal != null) {
      return refusal;
    }
    try {
      return answers.of(agent.credentials(request(exchange)));
    } catch (CredentialException e) {
      return of(e);
    }
  }

  @Override
  public CompletableFuture<Answer> begin(HttpExchange exchange, Executor threads) {
    Answer refusal = refusal(exchange);
    if (refusal != null) {
      return CompletableFuture.completedFuture(refusal);
    }
    try {
      return agent.request(request(exchange), threads).handle(this::answer);
    } catch (CredentialException e) {
      return CompletableFuture.completedFuture(of(e));
    }
  }

  private Answer answer(@Nullable TemporaryCredentials credentials, @Nullable Throwable failure) {
    if (credentials != null) {
      return answers.of(credentials);
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof CredentialException refused) {
      return of(refused);
    }
    throw new CompletionException(cause);
  }

  private static @Nullable Answer refusal(HttpExchange exchange) {
    if (!isCredentials(exchange.getRequestURI())) {
      return closing(ErrorAnswers.notFound());
    }
    return exchange.getRequestMethod().equals("GET")
        ? null
        : closing(ErrorAnswers.methodNotAllowed());
  }

  private static Answer of(CredentialException e) {
    Answer answer = ErrorAnswers.of(e);
    return e.reason().isMisuse() ? closing(answer) : answer;
  }

  // The JDK's server ends the request line at CRLF alone: a header behind a bare LF would be part
  // of
  // the version, and not be seen by the checks of headers.
  private static void requireKnownVersion(String version) {
    if (!VERSIONS.contains(version)) {
      throw new CredentialException(
          FailureReason.INVALID_REQUEST,
          "The request line does not end in HTTP/1.1 and CRLF: send it as RFC 9112 says");
    }
  }

  // No SDK asks like that. On one connection, thousands of such requests could be pipelined, each
  // of which the JDK's server handles before it accepts the next connection.
  private static Answer closing(Answer answer) {
    return answer.with("Connection", "close");
  }

  // The raw path is compared: '/v1%2Fcredentials' is another one. Two slashes at the start make an
  // authority of what looks like a path (RFC 3986, section 3.3).
  private static boolean isCredentials(URI target) {
    boolean pathLooksLikeAuthority = target.getScheme() == null && target.getRawAuthority() != null;
    return !pathLooksLikeAuthority
        && PATH.equals(target.getRawPath())
        && target.getRawFragment() == null;
  }

  private CredentialRequest request(HttpExchange exchange) {
    requireKnownVersion(exchange.getProtocol());
    var headers = RequestHeaders.of(exchange.getRequestHeaders());
    headers.requireDirect();
    headers.requireNoBody();
    URI target = exchange.getRequestURI();
    InetAddress client = exchange.getRemoteAddress().getAddress();
    String host = headers.host();
    // RFC 9112, section 3.2.2: the authority of an absolute target goes before the Host header.
    String authority = target.getRawAuthority();
    if (authority != null && !agent.bindingRules().accepts(authority)) {
      host = authority;
    }
    return new CredentialRequest(host, headers.authorization(), client);
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
