package dev.podidentity.doctor;

import dev.podidentity.client.AgentAnswer;
import dev.podidentity.client.AgentClient;
import dev.podidentity.client.AgentEndpoint;
import dev.podidentity.client.AgentFailure;
import dev.podidentity.doctor.Finding.Code;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the agent answers to this pod. */
final class CredentialsCheck {
  // With less, SDKs ask again at each call, or warn.
  private static final Duration SOON = Duration.ofMinutes(15);

  private final AgentClient client;
  private final Duration timeout;
  private final Clock clock;
  private final Findings findings;

  CredentialsCheck(AgentClient client, Duration timeout, Clock clock, Findings findings) {
    this.client = client;
    this.timeout = timeout;
    this.clock = clock;
    this.findings = findings;
  }

  void check(AgentEndpoint endpoint, @Nullable String token) {
    try {
      answered(client.ask(endpoint, token, timeout));
    } catch (AgentFailure e) {
      findings.add(code(e.kind()), e);
    }
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

  private static Code code(AgentFailure.Kind kind) {
    return switch (kind) {
      case NO_ASSOCIATION -> Code.NO_ASSOCIATION;
      case REFUSED -> Code.REFUSED;
      case THROTTLED -> Code.THROTTLED;
      case AGENT_FAILED -> Code.AGENT_FAILED;
      case BAD_ANSWER -> Code.BAD_ANSWER;
      case TOKEN_EXPIRED -> Code.TOKEN_EXPIRED;
      case AGENT_UNREACHABLE -> Code.NO_ANSWER;
      case NOT_CONFIGURED, TOKEN_UNREADABLE, TOKEN_WRONG_AUDIENCE ->
          throw new AssertionError(kind + " is no answer of an agent");
    };
  }
}
