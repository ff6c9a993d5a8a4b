package dev.podidentity.client;

import dev.podidentity.http.HttpReply;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks agents for credentials. Thread-safe. */
public final class AgentClient {
  private static final int OK = 200;

  private final AgentTransport transport;
  private final Clock clock;

  /**
   * A client.
   *
   * @param transport stays its owner's to close
   * @param clock what credentials are held against
   */
  public AgentClient(AgentTransport transport, Clock clock) {
    this.transport = transport;
    this.clock = clock;
  }

  /**
   * Asks once.
   *
   * @param token what the agent is shown, if anything
   * @param timeout for all of it
   * @throws AgentFailure if there are no credentials that are good now
   */
  public AgentAnswer ask(AgentEndpoint endpoint, @Nullable String token, Duration timeout) {
    HttpReply answer = get(endpoint, token, timeout);
    if (answer.status() != OK) {
      throw AgentRefusals.of(answer, endpoint, token);
    }
    return AgentAnswer.parse(answer.body(), endpoint, clock.instant());
  }

  /**
   * Sends one request, and takes any answer.
   *
   * @param token what the agent is shown, if anything
   * @param timeout for all of it
   * @throws AgentFailure if there is none
   */
  public HttpReply get(AgentEndpoint endpoint, @Nullable String token, Duration timeout) {
    try {
      return transport.get(endpoint, token, timeout);
    } catch (IOException e) {
      throw AgentFailure.unanswered(endpoint, timeout, e);
    }
  }
}
