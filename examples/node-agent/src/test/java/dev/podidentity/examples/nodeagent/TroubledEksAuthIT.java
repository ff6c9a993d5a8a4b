package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.examples.nodeagent.ScriptedEksAuth.Answer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pods of one agent get while EKS Auth is slow, throttles or fails. */
class TroubledEksAuthIT {
  /** As many tries as the AWS SDK for Java makes, without a pause between them. */
  private static final int TRIES = 6;

  /** So many of them end while EKS Auth still fails: each takes 0.9 s, so more than 3 s. */
  private static final int REFUSED = 4;

  private static final int MAX_CALLS = 8;

  private static ScriptedEksAuth eksAuth;
  private static AgentUnderTest agent;

  @BeforeAll
  static void start() throws Exception {
    eksAuth = ScriptedEksAuth.start();
    agent =
        AgentUnderTest.start(
            "--endpoint",
            eksAuth.endpoint().toString(),
            // What this machine takes for a call is not what is tested.
            "--upstream-timeout",
            "20s",
            "--max-credential-retention-before-renewal",
            "1s");
    agent.keyId(agent.newToken());
  }

  @AfterAll
  static void stop() {
    agent.close();
    eksAuth.close();
  }

  private static PodRequests.Response ask(String token) throws IOException {
    return PodRequests.send(agent.uri() + "/v1/credentials", token);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_500, 2_000})
  void givesASlowAnswerToTheClientThatAsksAgainFromOneCall(int millis) throws Exception {
    String token = agent.newToken();
    eksAuth.answers(token, Answer.credentialsAfter(Duration.ofMillis(millis)));

    PodRequests.Response response = ask(token);
    assertThat(PodRequests.member(response, "code")).isEqualTo("CredentialsPendingException");
    for (int tries = 1; response.status() == 503 && tries < TRIES; tries++) {
      response = ask(token);
    }

    assertThat(PodRequests.member(response, "AccessKeyId")).isEqualTo("ASIA1");
  }

  @ParameterizedTest
  @CsvSource({"429, ThrottlingException", "503, ServiceUnavailableException"})
  void outlastsSecondsOfFailuresForAClientThatDoesNotPause(int status, String code)
      throws Exception {
    String token = agent.newToken();
    eksAuth.answers(token, Answer.error(status, code));
    int calls = 0;

    PodRequests.Response response = ask(token);
    for (int tries = 1; response.status() == 503 && tries < TRIES; tries++) {
      assertThat(PodRequests.member(response, "code")).isEqualTo(code);
      if (tries == REFUSED) {
        calls = eksAuth.calls(token);
        eksAuth.recovers(token);
      }
      response = ask(token);
    }

    assertThat(response.status()).describedAs(response.body()).isEqualTo(200);
    assertThat(calls).isBetween(1, MAX_CALLS - 1);
  }

  @Test
  void keepsWhatAPodHasWhenTheSessionOfTheNodeHasExpired() throws Exception {
    String token = agent.newToken();
    assertThat(agent.keyId(token)).isEqualTo("ASIA1");
    eksAuth.answers(token, Answer.error(403, "ExpiredTokenException"));
    agent.process().until(() -> eksAuth.calls(token) > 1);

    assertThat(agent.keyId(token)).isEqualTo("ASIA1");
  }
}
