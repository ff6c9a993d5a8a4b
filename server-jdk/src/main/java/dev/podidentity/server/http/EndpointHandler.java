package dev.podidentity.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what an endpoint answers. The JDK's server drops the connection on an exception and leaves
 * the client hanging on an error, so nothing is thrown past here but for connections that are lost.
 */
final class EndpointHandler implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(EndpointHandler.class);

  private final Supplier<Turn> turns;

  /** Answers with whose turn it is. */
  EndpointHandler(Supplier<Turn> turns) {
    this.turns = turns;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    RequestWork.beginAnswer();
    InetAddress client = exchange.getRemoteAddress().getAddress();
    Turn turn = turns.get();
    InFlight.Entrance entrance = turn.enter(client);
    while (entrance == InFlight.Entrance.CLOSED && turn != turns.get()) {
      turn = turns.get();
      entrance = turn.enter(client);
    }
    try {
      Answer answer = answer(turn.endpoint(), entrance, exchange);
      RequestWork.endAnswer();
      answer.writeTo(exchange);
    } catch (IOException e) {
      // The client went away, or is to get no answer. The JDK's server forgets a connection when
      // its handler fails; HttpExchange.close would only close it, and it would count for ever.
      log.atDebug().addKeyValue("cause", e.toString()).log("An answer could not be written");
      throw e;
    } finally {
      if (entrance == InFlight.Entrance.ADMITTED) {
        turn.leave(client);
      }
    }
  }

  private static Answer answer(Endpoint endpoint, InFlight.Entrance entrance, HttpExchange exchange)
      throws NoAnswerException {
    return switch (entrance) {
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
      log.atError().setCause(e).log("A request failed in a way that nobody foresaw");
      return endpoint.unforeseen();
    }
  }
}
