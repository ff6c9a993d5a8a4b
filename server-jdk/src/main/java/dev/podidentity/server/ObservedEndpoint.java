package dev.podidentity.server;

import com.sun.net.httpserver.HttpExchange;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.Endpoint;
import dev.podidentity.server.http.NoAnswerException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener what another endpoint answers. */
final class ObservedEndpoint implements Endpoint {
  private static final Logger log = LoggerFactory.getLogger(ObservedEndpoint.class);

  private final Endpoint endpoint;
  private final ServerListener listener;

  ObservedEndpoint(Endpoint endpoint, ServerListener listener) {
    this.endpoint = endpoint;
    this.listener = listener;
  }

  @Override
  public Answer answer(HttpExchange exchange) throws IOException {
    long start = System.nanoTime();
    try {
      return told(endpoint.answer(exchange), start);
    } catch (NoAnswerException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      // What the handler answers then, which is not asked here again.
      told(endpoint.unforeseen(), start);
      throw e;
    }
  }

  @Override
  public CompletableFuture<Answer> begin(HttpExchange exchange, Executor threads)
      throws IOException {
    long start = System.nanoTime();
    try {
      return endpoint
          .begin(exchange, threads)
          .whenComplete(
              (answer, failure) -> told(answer != null ? answer : endpoint.unforeseen(), start));
    } catch (NoAnswerException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      told(endpoint.unforeseen(), start);
      throw e;
    }
  }

  @Override
  public Answer unforeseen() {
    return endpoint.unforeseen();
  }

  @Override
  public Answer crowded() {
    return told(endpoint.crowded(), System.nanoTime());
  }

  @Override
  public Answer stopping() {
    return told(endpoint.stopping(), System.nanoTime());
  }

  private Answer told(Answer answer, long start) {
    try {
      listener.answered(answer.status(), Duration.ofNanos(System.nanoTime() - start));
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("A server listener failed");
    }
    return answer;
  }
}
