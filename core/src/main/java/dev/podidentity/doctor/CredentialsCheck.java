package dev.podidentity.doctor;

import dev.podidentity.client.AgentAnswer;
import dev.podidentity.client.AgentClient;
import dev.podidentity.client.AgentEndpoint;
import dev.podidentity.client.AgentFailure;
import dev.podidentity.doctor.Finding.Code;
import dev.podidentity.pod.PodFailureReason;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the agent answers to this pod. */
final class CredentialsCheck {
  // With less, SDKs ask again at each call, or warn.
  private static final Duration SOON = Duration.ofMinutes(15);

  // What a cold agent answers first: EKS Auth is still at work, ask again.
  private static final int ATTEMPTS = 4;
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final AgentClient client;
  private final Duration timeout;
  private final Sleeper sleeper;
  private final Clock clock;
  private final Findings findings;

  CredentialsCheck(
      AgentClient client, Duration timeout, Sleeper sleeper, Clock clock, Findings findings) {
    this.client = client;
    this.timeout = timeout;
    this.sleeper = sleeper;
    this.clock = clock;
    this.findings = findings;
  }

  void check(AgentEndpoint endpoint, @Nullable String token) {
    for (int attempt = 1; ; attempt++) {
      try {
        answered(client.ask(endpoint, token, timeout));
        return;
      } catch (AgentFailure e) {
        if (!e.retryable() || attempt == ATTEMPTS || !sleeper.sleep(pauseAfter(e))) {
          findings.add(code(e.reason()), e);
          return;
        }
      }
    }
  }

  private static Duration pauseAfter(AgentFailure e) {
    Duration asked = e.retryAfter().orElse(SHORTEST_PAUSE);
    return asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
  }

  private void answered(AgentAnswer answer) {
    String what =
        "The agent gives credentials "
            + (answer.accountId() == null
                ? "without telling the account"
                : "of account " + answer.accountId())
            + (answer.roleArn() == null ? "" : ", of " + answer.roleArn())
            + ", good until "
            + answer.expiration();
    if (Duration.between(clock.instant(), answer.expiration()).compareTo(SOON) < 0) {
      findings.add(
          Code.CREDENTIALS_END_SOON,
          what,
          "see in the agent's log why it does not renew them, and check the node's clock");
    } else {
      findings.good(
          Code.CREDENTIALS,
          what
              + (answer.roleArn() == null
                  ? " ('aws sts get-caller-identity' tells the role)"
                  : ""));
    }
  }

  private static Code code(PodFailureReason reason) {
    return switch (reason) {
      case NO_ASSOCIATION -> Code.NO_ASSOCIATION;
      case REFUSED -> Code.REFUSED;
      case THROTTLED -> Code.THROTTLED;
      case AGENT_FAILED -> Code.AGENT_FAILED;
      case BAD_ANSWER -> Code.BAD_ANSWER;
      case TOKEN_EXPIRED -> Code.TOKEN_EXPIRED;
      case AGENT_UNREACHABLE -> Code.NO_ANSWER;
      case NOT_CONFIGURED, TOKEN_UNREADABLE, TOKEN_WRONG_AUDIENCE, WRONG_IDENTITY ->
          throw new AssertionError(reason + " is no answer of an agent");
    };
  }
}
