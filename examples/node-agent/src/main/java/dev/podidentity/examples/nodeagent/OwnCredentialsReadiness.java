package dev.podidentity.examples.nodeagent;

import dev.podidentity.awssdk.eksauth.NodeCredentialsCheck;
import dev.podidentity.server.operations.CheckResult;
import dev.podidentity.server.operations.ReadinessCheck;
import java.time.Duration;

/** Whether the agent has AWS credentials of its own to ask EKS Auth with. */
final class OwnCredentialsReadiness implements ReadinessCheck {
  private static final String NAME = "own credentials";
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final NodeCredentialsCheck credentials;

  OwnCredentialsReadiness(NodeCredentialsCheck credentials) {
    this.credentials = credentials;
  }

  @Override
  public CheckResult check() {
    try {
      return credentials
          .problem(TIMEOUT)
          .map(problem -> CheckResult.failed(NAME, problem))
          .orElseGet(() -> CheckResult.ok(NAME, "can be had"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CheckResult.failed(NAME, "the agent is stopping");
    }
  }
}
