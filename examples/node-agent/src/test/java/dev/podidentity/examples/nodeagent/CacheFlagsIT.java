package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.server.local.LocalEksCall;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the flags of the cache and of limits change, seen by pods and by EKS Auth. */
class CacheFlagsIT {
  private static final int RENEWALS = 4;
  private static final int MORE_THAN_A_BURST = 5000;

  @Test
  void keepsNothingThatIsToBeRenewedAtOnce() throws Exception {
    try (var agent = AgentUnderTest.start("--max-credential-retention-before-renewal=0")) {
      String token = agent.newToken();

      assertThat(agent.keyId(token)).isNotEqualTo(agent.keyId(token));
    }
  }

  @Test
  void keepsNoMorePodsThanItIsTo() throws Exception {
    try (var agent = AgentUnderTest.start("--max-cache-size", "1")) {
      String one = agent.newToken();
      String first = agent.keyId(one);
      assertThat(agent.keyId(one)).isEqualTo(first);
      agent.keyId(agent.newToken());

      assertThat(agent.keyId(one)).isNotEqualTo(first);
    }
  }

  @Test
  void refusesAPodThatAsksTooFastAndThenAllWhereTheyAskTooFastTogether() throws Exception {
    try (var agent =
        AgentUnderTest.start("--pod-requests-per-second=1", "--node-requests-per-second=1")) {
      String one = agent.newToken();
      agent.keyId(one);
      assertThat(refusalOf(agent, one)).isEqualTo("TooManyRequestsException");

      String refusal = "";
      for (int pods = 1; !refusal.equals("AgentOverloadedException") && pods < 20; pods++) {
        refusal = refusalOf(agent, agent.newToken());
      }
      assertThat(refusal).isEqualTo("AgentOverloadedException");
    }
  }

  /** The burst passes, and all that a slow machine lets through besides. */
  private static String refusalOf(AgentUnderTest agent, String token) throws IOException {
    String code = "";
    for (int asked = 0; code.isEmpty() && asked < MORE_THAN_A_BURST; asked++) {
      code = PodRequests.member(PodRequests.send(agent.uri() + "/v1/credentials", token), "code");
    }
    return code;
  }

  @Test
  void renewsAtTheAgeThatIsGivenAndNoMoreASecondThanItIsTo() throws Exception {
    try (var agent =
        AgentUnderTest.start(
            "--max-service-qps", "1", "--max-credential-retention-before-renewal", "0h0m1s")) {
      List<String> tokens = Stream.generate(agent::newToken).limit(RENEWALS).toList();
      askAll(agent, tokens);
      int before = agent.calls().size();

      agent.process().until(() -> askAll(agent, tokens) >= before + RENEWALS);

      List<LocalEksCall> renewals = agent.calls().subList(before, before + RENEWALS);
      // At 1 a second they take 3 s, at the default of 3 a second 1 s.
      assertThat(Duration.between(renewals.get(0).at(), renewals.get(RENEWALS - 1).at()))
          .isGreaterThan(Duration.ofSeconds(2));
    }
  }

  /** Credentials that nobody asks for are not renewed for ever. */
  private static int askAll(AgentUnderTest agent, List<String> tokens) throws IOException {
    for (String token : tokens) {
      agent.keyId(token);
    }
    return agent.calls().size();
  }
}
