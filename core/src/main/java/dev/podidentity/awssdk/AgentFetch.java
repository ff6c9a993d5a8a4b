package dev.podidentity.awssdk;

import dev.podidentity.client.AgentClient;
import dev.podidentity.client.AgentEndpoint;
import dev.podidentity.client.AgentFailure;
import dev.podidentity.client.AgentTransport;
import dev.podidentity.client.ConnectFailure;
import dev.podidentity.client.ContainerSettings;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Asks the agent, again and again within a budget as long as that may help. Closing it ends it at
 * once, whatever it is doing.
 */
final class AgentFetch implements AutoCloseable {
  /** What ends this much later than it should was stopped: a process, a container, a function. */
  private static final Duration STOPPED = Duration.ofSeconds(2);

  private final ContainerSettings settings;
  private final AgentTransport transport;
  private final AgentClient client;
  private final Duration requestTimeout;
  private final ExpectedIdentity expected;
  private final Ticker ticker;
  private final Sleeper sleeper;
  private final Backoff backoff;

  AgentFetch(
      ContainerSettings settings,
      AgentTransport transport,
      Clock clock,
      Duration requestTimeout,
      ExpectedIdentity expected,
      Ticker ticker,
      Backoff backoff) {
    this.settings = settings;
    this.transport = transport;
    this.client = new AgentClient(transport, clock);
    this.requestTimeout = requestTimeout;
    this.expected = expected;
    this.ticker = ticker;
    this.sleeper = ticker.sleeper();
    this.backoff = backoff;
  }

  /**
   * Credentials, fetched now.
   *
   * @param budget for all attempts and the pauses between them
   * @throws AgentFailure if there are none
   */
  AgentCredentials fetch(Duration budget) {
    long start = ticker.nanos();
    for (int attempt = 1; ; attempt++) {
      Duration left = left(budget, start);
      Duration timeout = left.compareTo(requestTimeout) < 0 ? left : requestTimeout;
      long asked = ticker.nanos();
      try {
        return attempt(timeout);
      } catch (AgentFailure e) {
        if (!isOfTheName(e)) {
          start += lostSince(asked, timeout);
        }
        Duration pause = pause(e, attempt);
        if (!e.retryable() || pause.compareTo(left(budget, start)) >= 0) {
          throw attempt == 1 ? e : e.afterAttempts(attempt, budget.minus(left(budget, start)));
        }
        long paused = ticker.nanos();
        pause(pause);
        start += lostSince(paused, pause);
      }
    }
  }

  // Looking a name up is the one step without a deadline.
  private static boolean isOfTheName(AgentFailure e) {
    return e.connectFailure().filter(ConnectFailure.UNKNOWN_NAME::equals).isPresent();
  }

  /** The nanoseconds for which this process was stopped: they do not count. */
  private long lostSince(long since, Duration expected) {
    long beyond = ticker.nanos() - since - expected.toNanos();
    return beyond > STOPPED.toNanos() ? beyond : 0;
  }

  private Duration left(Duration budget, long start) {
    return budget.minusNanos(ticker.nanos() - start);
  }

  private Duration pause(AgentFailure e, int attempt) {
    Duration pause = backoff.delay(attempt);
    Duration asked = e.retryAfter().orElse(Duration.ZERO);
    return pause.compareTo(asked) < 0 ? asked : pause;
  }

  private void pause(Duration duration) {
    try {
      sleeper.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("The fetch of credentials was interrupted", e);
    }
  }

  private AgentCredentials attempt(Duration timeout) {
    AgentEndpoint endpoint = settings.endpoint();
    @Nullable String token = settings.token();
    var credentials = new AgentCredentials(client.ask(endpoint, token, timeout));
    expected.require(credentials);
    return credentials;
  }

  @Override
  public void close() {
    sleeper.close();
    transport.close();
  }
}
