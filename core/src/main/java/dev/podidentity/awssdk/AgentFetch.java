package dev.podidentity.awssdk;

import dev.podidentity.awssdk.PodIdentityException.Reason;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;

/** Asks the agent, again and again within a budget as long as that may help. */
final class AgentFetch {
  private final ContainerSettings settings;
  private final AgentTransport transport;
  private final Duration requestTimeout;
  private final ExpectedIdentity expected;
  private final Clock clock;
  private final Ticker ticker;
  private final Backoff backoff;

  AgentFetch(
      ContainerSettings settings,
      AgentTransport transport,
      Duration requestTimeout,
      ExpectedIdentity expected,
      Clock clock,
      Ticker ticker,
      Backoff backoff) {
    this.settings = settings;
    this.transport = transport;
    this.requestTimeout = requestTimeout;
    this.expected = expected;
    this.clock = clock;
    this.ticker = ticker;
    this.backoff = backoff;
  }

  /**
   * Credentials, fetched now.
   *
   * @param budget for all attempts and the pauses between them
   * @throws PodIdentityException if there are none
   */
  AgentCredentials fetch(Duration budget) {
    long start = ticker.nanos();
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(left(budget, start));
      } catch (PodIdentityException e) {
        Duration pause = pause(e, attempt);
        if (!e.retryable() || pause.compareTo(left(budget, start)) >= 0) {
          throw attempt == 1 ? e : e.afterAttempts(attempt, budget.minus(left(budget, start)));
        }
        pause(pause);
      }
    }
  }

  private Duration left(Duration budget, long start) {
    return budget.minusNanos(ticker.nanos() - start);
  }

  private Duration pause(PodIdentityException e, int attempt) {
    Duration pause = backoff.delay(attempt);
    Duration asked = e.retryAfter().orElse(Duration.ZERO);
    return pause.compareTo(asked) < 0 ? asked : pause;
  }

  private void pause(Duration duration) {
    try {
      ticker.pause(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("The fetch of credentials was interrupted", e);
    }
  }

  private AgentCredentials attempt(Duration left) {
    AgentEndpoint endpoint = settings.endpoint();
    @Nullable String token = settings.token().read();
    Duration timeout = left.compareTo(requestTimeout) < 0 ? left : requestTimeout;
    HttpAnswer answer;
    try {
      answer = transport.get(endpoint, token, timeout);
    } catch (BadHttpException e) {
      throw new PodIdentityException(
          Reason.BAD_ANSWER,
          false,
          "The answer of the agent at "
              + endpoint
              + " "
              + e.getMessage()
              + ": check what listens there",
          null,
          e);
    } catch (IOException e) {
      throw unreachable(endpoint, timeout, e);
    }
    if (answer.status() != 200) {
      throw AgentRefusals.of(answer, endpoint, token);
    }
    var credentials = AgentCredentials.parse(answer.body(), clock.instant());
    expected.require(credentials);
    return credentials;
  }

  private static PodIdentityException unreachable(
      AgentEndpoint endpoint, Duration timeout, IOException e) {
    String what = "The agent at " + endpoint + " ";
    if (e instanceof SSLException) {
      return new PodIdentityException(
          Reason.AGENT_UNREACHABLE,
          false,
          what + "cannot be trusted: check its certificate and this JVM's trust store",
          null,
          e);
    }
    if (e instanceof SocketTimeoutException) {
      what += "did not answer within " + timeout.toMillis() + " ms";
    } else if (e instanceof UnknownHostException) {
      what += "has a name that cannot be resolved";
    } else {
      what += "cannot be reached, or hung up (" + e.getMessage() + ")";
    }
    return new PodIdentityException(
        Reason.AGENT_UNREACHABLE,
        true,
        what
            + ": check that the EKS Pod Identity Agent runs on this pod's node ('kubectl get pods"
            + " -n kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide') and that"
            + " no network policy keeps this pod from it",
        null,
        e);
  }
}
