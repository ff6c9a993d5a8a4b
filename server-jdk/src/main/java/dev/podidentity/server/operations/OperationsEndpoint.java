package dev.podidentity.server.operations;

import com.sun.net.httpserver.HttpExchange;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.CrossSite;
import dev.podidentity.server.http.Endpoint;
import dev.podidentity.server.http.HostNames;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Finds what is served at a path; {@code docs/operations.md} is its contract. */
final class OperationsEndpoint implements Endpoint {
  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final String DEBUG = "/debug/";

  private final Map<String, Function<HttpExchange, Answer>> pages;
  private final HostNames debugHosts;

  /**
   * Serves these pages.
   *
   * @param debugHosts the hosts that requests for pages below {@code /debug/} are addressed to;
   *     probes and metrics are asked by many names
   */
  OperationsEndpoint(Map<String, Function<HttpExchange, Answer>> pages, HostNames debugHosts) {
    this.pages = Map.copyOf(pages);
    this.debugHosts = debugHosts;
  }

  @Override
  public Answer answer(HttpExchange exchange) {
    if (CrossSite.sent(exchange.getRequestHeaders())) {
      return OperationsAnswers.crossSite();
    }
    String path = exchange.getRequestURI().getRawPath();
    Function<HttpExchange, Answer> page = path == null ? null : pages.get(path);
    if (path == null || page == null) {
      return OperationsAnswers.notFound();
    }
    if (path.startsWith(DEBUG) && !debugHosts.accepts(exchange.getRequestHeaders())) {
      return OperationsAnswers.otherHost();
    }
    return METHODS.contains(exchange.getRequestMethod())
        ? page.apply(exchange)
        : OperationsAnswers.methodNotAllowed();
  }

  @Override
  public Answer unforeseen() {
    return OperationsAnswers.unforeseen();
  }

  @Override
  public Answer stopping() {
    return OperationsAnswers.stopping();
  }
}
