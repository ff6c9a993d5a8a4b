package dev.podidentity.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Answers requests; knows nothing of how an answer is written. Implementations are thread-safe. */
public interface Endpoint {
  /**
   * The answer to this request.
   *
   * @throws NoAnswerException if the connection is to be closed without one
   */
  Answer answer(HttpExchange exchange) throws IOException;

  /**
   * The answer to this request, which may be there only later.
   *
   * @param threads runs what blocks once the answer has come; the future may complete with another
   *     exception than those of {@link #answer} where they take no task
   * @throws NoAnswerException if the connection is to be closed without one
   */
  default CompletableFuture<Answer> begin(HttpExchange exchange, Executor threads)
      throws IOException {
    return CompletableFuture.completedFuture(answer(exchange));
  }

  /** The answer where {@link #answer} failed in a way that nobody foresaw. */
  Answer unforeseen();

  /**
   * The answer to a client that has as many requests under way as one may; a plain 503 if not set.
   */
  default Answer crowded() {
    return Answer.of(
        503,
        "text/plain",
        "As many requests of this address are under way as may be\n".getBytes(US_ASCII));
  }

  /** The answer while the server is stopping; the connection is closed behind it. */
  Answer stopping();
}
