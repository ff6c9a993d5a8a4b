package dev.podidentity.server.operations;

import com.sun.net.httpserver.HttpExchange;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.Endpoint;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Finds what is served at a path; {@code docs/operations.md} is its contract. */
final class OperationsEndpoint implements Endpoint {
  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  private final Map<String, Function<HttpExchange, Answer>> pages;

  OperationsEndpoint(Map<String, Function<HttpExchange, Answer>> pages) {
    this.pages = Map.copyOf(pages);
  }

  @Override
  public Answer answer(HttpExchange exchange) {
    String path = exchange.getRequestURI().getRawPath();
    Function<HttpExchange, Answer> page = path == null ? null : pages.get(path);
    if (page == null) {
      return OperationsAnswers.notFound();
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
