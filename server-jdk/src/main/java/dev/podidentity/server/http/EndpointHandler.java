package dev.podidentity.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.podidentity.credential.ClientKey;
import java.io.IOException;
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

  /** Answers with the generation that is current at each request. */
  EndpointHandler(Supplier<Generation> current) {
    this.current = current;
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
    try (var admission = entered) {
      Answer answer = answer(generation.endpoint(), admission.outcome(), exchange);
      RequestTask.endAnswer();
      answer.writeTo(exchange);
    } catch (IOException e) {
      // The client went away, or is to get no answer. The JDK's server forgets a connection when
      // its handler fails; HttpExchange.close would only close it, and it would count for ever.
      log.atDebug().addKeyValue("cause", e.toString()).log("An answer could not be written");
      throw e;
    }
  }

  private static Answer answer(
      Endpoint endpoint, Admission.Outcome admission, HttpExchange exchange)
      throws NoAnswerException {
    return switch (admission) {
      case ADMITTED -> answer(endpoint, exchange);
      case CROWDED -> endpoint.crowded();
      case CLOSED -> endpoint.stopping().with("Connection", "close");
    };
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
}
