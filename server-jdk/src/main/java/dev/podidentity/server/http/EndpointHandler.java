package dev.podidentity.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.podidentity.credential.ClientKey;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what an endpoint answers. The JDK's server drops the connection on an exception and leaves
 * the client hanging on an error, so nothing is thrown past here but for connections that are lost.
 */
final class EndpointHandler implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(EndpointHandler.class);

  private final Supplier<Generation> current;
  private final RequestExecutor threads;
  private final boolean answersLater;

  /**
   * Answers with the generation that is current at each request.
   *
   * @param threads what requests are answered on
   * @param answersLater whether the server lets another thread answer after its handler returned
   */
  EndpointHandler(Supplier<Generation> current, RequestExecutor threads, boolean answersLater) {
    this.current = current;
    this.threads = threads;
    this.answersLater = answersLater;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    RequestTask.beginAnswer();
    var client = ClientKey.at(exchange.getRemoteAddress().getAddress());
    Generation generation = current.get();
    Admission entered = generation.admissions().enter(client);
    while (entered.outcome() == Admission.Outcome.CLOSED && generation != current.get()) {
      generation = current.get();
      entered = generation.admissions().enter(client);
    }
    Runnable server = answersLater ? RequestTask.current() : null;
    if (entered.outcome() == Admission.Outcome.ADMITTED && server != null) {
      begin(generation.endpoint(), exchange, entered, server);
    } else {
      answerNow(generation.endpoint(), exchange, entered);
    }
  }

  private static void answerNow(Endpoint endpoint, HttpExchange exchange, Admission entered)
      throws IOException {
    try (var admission = entered) {
      Answer answer =
          switch (admission.outcome()) {
            case ADMITTED -> answer(endpoint, exchange);
            case CROWDED -> endpoint.crowded();
            case CLOSED -> endpoint.stopping().with("Connection", "close");
          };
      write(answer, exchange);
    }
  }

  private static void write(Answer answer, HttpExchange exchange) throws IOException {
    RequestTask.endAnswer();
    try {
      answer.writeTo(exchange);
    } catch (IOException e) {
      // The client went away, or is to get no answer. The JDK's server forgets a connection when
      // its handler fails; HttpExchange.close would only close it, and it would count for ever.
      log.atDebug().addKeyValue("cause", e.toString()).log("An answer could not be written");
      throw e;
    }
  }

  @SuppressWarnings("CatchingUnchecked") // an Error must not leave the client hanging either
  private static Answer answer(Endpoint endpoint, HttpExchange exchange) throws NoAnswerException {
    try {
      return endpoint.answer(exchange);
    } catch (NoAnswerException e) {
      throw e;
    } catch (Throwable e) {
      log.atError().setCause(e).log("Internal error in a request");
      return endpoint.unforeseen();
    }
  }

  // What is admitted counts until its answer is written, with a thread that waits for it or
  // without.
  @SuppressWarnings("CatchingUnchecked") // an Error must not leave the client hanging either
  private void begin(Endpoint endpoint, HttpExchange exchange, Admission admission, Runnable server)
      throws IOException {
    var held = new HeldRequest(threads);
    CompletableFuture<Answer> begun;
    try {
      begun = endpoint.begin(exchange, held);
    } catch (NoAnswerException e) {
      admission.close();
      throw e;
    } catch (Throwable e) {
      begun = CompletableFuture.failedFuture(e);
    }
    if (!begun.isDone() && held.letGo()) {
      CompletableFuture<Answer> later = begun;
      var unused =
          later.whenComplete(
              (answer, failure) -> finish(endpoint, exchange, admission, later, server));
      return;
    }
    try (admission) {
      held.await(begun);
      write(outcome(endpoint, begun), exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswerException("The server was closed while a request waited");
    }
  }

  private static Answer outcome(Endpoint endpoint, CompletableFuture<Answer> done) {
    try {
      return done.join();
    } catch (CompletionException | CancellationException e) {
      log.atError().setCause(e).log("Internal error in a request");
      return endpoint.unforeseen();
    }
  }

  /**
   * Writes the answer to a request whose handler has returned.
   *
   * @param server what the server had its handler called by
   */
  private static void finish(
      Endpoint endpoint,
      HttpExchange exchange,
      Admission admission,
      CompletableFuture<Answer> done,
      Runnable server) {
    try (admission) {
      write(outcome(endpoint, done), exchange);
    } catch (IOException e) {
      exchange.close();
      // There is no handler any more whose failure has the JDK's server forget a connection. It
      // does so, too, where it finds the connection closed when it reads the next request.
      server.run();
    }
  }
}
