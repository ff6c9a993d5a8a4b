package dev.podidentity.client;

import dev.podidentity.http.BadHttpException;
import dev.podidentity.http.HttpReply;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request to the agent. Thread-safe. */
public interface AgentTransport extends AutoCloseable {
  /**
   * Asks once: no redirect, no proxy, no second try.
   *
   * @param token what goes into the Authorization header, if anything
   * @param timeout for all of it
   * @throws BadHttpException if the answer is not HTTP, or too large
   * @throws IOException if the agent cannot be reached or hangs up
   */
  HttpReply get(AgentEndpoint endpoint, @Nullable String token, Duration timeout)
      throws IOException;

  /** Ends a request that is under way. */
  @Override
  void close();
}
