package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.local.Fault;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What pods of one agent get while EKS Auth is slow, throttles or fails. */
class TroubledEksAuthIT {
  /** As many tries as the AWS SDK for Java makes, without a pause between them. */
  private static final int TRIES = 6;

  private static AgentUnderTest agent;

  @BeforeAll
  static void start() throws Exception {
    agent = AgentUnderTest.start("--upstream-timeout", "20s", "--max-cache-size", "100");
    // Whatever is slow at the first request of a process is not measured below.
    agent.keyId(agent.newToken());
  }

  @AfterAll
  static void stop() {
    agent.close();
  }

  @AfterEach
  void endTrouble() {
    agent.faults().clear();
  }

  private static PodRequests.Response ask(String token) throws IOException {
    return PodRequests.send(agent.uri() + "/v1/credentials", token);
  }

  @Test
  void givesASlowAnswerToTheClientThatAsksAgainFromOneCall() throws Exception {
    String token = agent.newToken();
    int before = agent.allCalls().size();
    agent.faults().switchOn(new Fault.Slow(Duration.ofMillis(1_500)));

    PodRequests.Response first = ask(token);
    assertThat(PodRequests.member(first, "code")).isEqualTo("CredentialsPendingException");
    PodRequests.Response next = first;
    for (int tries = 1; next.status() == 503 && tries < TRIES; tries++) {
      next = ask(token);
    }

    assertThat(next.status()).describedAs(next.body()).isEqualTo(200);
    assertThat(agent.allCalls()).hasSize(before + 1);
  }
}
