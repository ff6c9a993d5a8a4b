package dev.podidentity.client;

import static dev.podidentity.client.ScriptedTransport.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.pod.PodFailureReason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AgentAnswersTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final AgentEndpoint ENDPOINT =
      AgentEndpoint.parse("http://169.254.170.23/v1/credentials", "The test");

  private static AgentFailure refusal(int status, String body) {
    return AgentRefusals.of(answer(status, body), ENDPOINT, "the-token");
  }

  private static AgentFailure bad(String body) {
    return catchThrowableOfType(
        AgentFailure.class,
        () -> AgentAnswer.parse(body.getBytes(StandardCharsets.UTF_8), ENDPOINT, NOW));
  }

  private static String printed(Throwable e) {
    var text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text + e.toString();
  }

  @Test
  void tellsCausesApartByStatus() {
    Map.of(
            400, PodFailureReason.REFUSED,
            401, PodFailureReason.REFUSED,
            403, PodFailureReason.REFUSED,
            404, PodFailureReason.NO_ASSOCIATION,
            408, PodFailureReason.AGENT_FAILED,
            429, PodFailureReason.THROTTLED,
            500, PodFailureReason.AGENT_FAILED,
            503, PodFailureReason.AGENT_FAILED,
            302, PodFailureReason.BAD_ANSWER,
            204, PodFailureReason.BAD_ANSWER)
        .forEach(
            (status, reason) ->
                assertThat(refusal(status, "").reason()).as("%s", status).isEqualTo(reason));
  }

  @Test
  void tellsCausesApartByTheCodeOfTheAgent() {
    assertThat(refusal(400, Answers.error("ExpiredTokenException", "x")).reason())
        .isEqualTo(PodFailureReason.TOKEN_EXPIRED);
    assertThat(refusal(503, Answers.error("ThrottlingException", "x")).reason())
        .isEqualTo(PodFailureReason.THROTTLED);
    assertThat(refusal(404, Answers.error("NotFoundException", "x")).reason())
        .isEqualTo(PodFailureReason.REFUSED);
    assertThat(refusal(404, Answers.error("ResourceNotFoundException", "x")).reason())
        .isEqualTo(PodFailureReason.NO_ASSOCIATION);
    assertThat(refusal(400, "eks auth: ExpiredTokenException: the token").reason())
        .isEqualTo(PodFailureReason.TOKEN_EXPIRED);
  }

  @Test
  void tellsAPathThatTheAgentDoesNotServe() {
    for (String body : List.of(Answers.error("NotFoundException", "x"), "404 page not found\n")) {
      assertThat(refusal(404, body))
          .hasMessageContaining("does not serve the path /v1/credentials")
          .hasMessageContaining("AWS_CONTAINER_CREDENTIALS_FULL_URI")
          .message()
          .doesNotContain("association")
          .doesNotContain("trusts");
    }
  }

  @Test
  void saysWhetherTryingAgainHelps() {
    for (int status : List.of(408, 429, 500, 502, 503, 504)) {
      assertThat(refusal(status, "").retryable()).as("%s", status).isTrue();
    }
    for (int status : List.of(204, 301, 400, 401, 403, 404, 405)) {
      assertThat(refusal(status, "").retryable()).as("%s", status).isFalse();
    }
  }

  @Test
  void showsTheCodeAndTheMessageOfAJsonError() {
    assertThat(refusal(400, "{\"Code\": \"AccessDeniedException\", \"Message\": \"No trust\"}"))
        .hasMessageContaining("AccessDeniedException: No trust")
        .hasMessageContaining("sts:TagSession");
  }

  @Test
  void showsOfATextOnlyTheErrorThatItNames() {
    assertThat(refusal(400, "op failed: AccessDeniedException: some text"))
        .hasMessageContaining("AccessDeniedException")
        .message()
        .doesNotContain("some text");
  }

  @Test
  void showsNothingThatMayBeASecret() {
    for (String hidden :
        List.of("the-token", "x".repeat(60), "line\\nbreak", "\\u001b[31m", "zażółć")) {
      String shown = refusal(400, Answers.error("SomeException", "hidden " + hidden)).getMessage();

      assertThat(shown).doesNotContain("hidden");
    }
  }

  @Test
  void shortensWhatTheAgentSays() {
    assertThat(refusal(500, Answers.error("E", "word ".repeat(1_000))).getMessage())
        .hasSizeLessThan(800);
  }

  @Test
  void refusesAnAnswerThatIsNotJson() {
    for (String body :
        List.of("", "{\"AccessKeyId\": \"ASIA0LO", "[]", "null", Answers.SECRET_KEY)) {
      AgentFailure failure = bad(body);

      assertThat(failure.reason()).isEqualTo(PodFailureReason.BAD_ANSWER);
      assertThat(failure.retryable()).isTrue();
      assertThat(printed(failure)).doesNotContain("ASIA0").doesNotContain(Answers.SECRET_KEY);
    }
  }

  @Test
  void namesTheMemberThatIsMissing() {
    String whole = Answers.credentials(NOW.plusSeconds(60));
    for (String member : List.of("AccessKeyId", "SecretAccessKey", "Expiration")) {
      AgentFailure failure = bad(whole.replace("\"" + member + "\"", "\"Other\""));

      assertThat(failure).hasMessageContaining("'" + member + "'");
      assertThat(failure.retryable()).isFalse();
    }
  }

  @Test
  void refusesMembersThatAreNotWhatTheySay() {
    String whole = Answers.credentials(NOW.plusSeconds(60));
    for (String body :
        List.of(
            whole.replace(Answers.ACCOUNT, "hidden"),
            whole.replace(NOW.plusSeconds(60).toString(), "hidden"),
            whole.replace(Answers.SESSION_TOKEN, "hid\\r\\nden"),
            whole.replace(Answers.SECRET_KEY, ""))) {
      AgentFailure failure = bad(body);

      assertThat(failure.reason()).isEqualTo(PodFailureReason.BAD_ANSWER);
      assertThat(printed(failure)).doesNotContain("hidden").doesNotContain("hid");
    }
  }

  @Test
  void takesWhatTheAwsSdkTakes() {
    Instant expiration = NOW.plusSeconds(60);
    String whole = Answers.credentials(expiration);
    String time = expiration.toString();
    for (String body :
        List.of(
            whole.replace("\"Token\"", "\"Other\""),
            whole.replace(Answers.ACCOUNT, ""),
            whole.replace(time, time.replace("Z", "+0000")),
            whole.replace(time, time.replace("Z", "+00:00")),
            whole.replace(time, "2026-01-01T02:01:00+0200"))) {
      AgentAnswer answer = AgentAnswer.parse(body.getBytes(StandardCharsets.UTF_8), ENDPOINT, NOW);

      assertThat(answer.expiration()).as(body).isEqualTo(expiration);
    }
  }

  @Test
  void refusesCredentialsThatHaveExpired() {
    AgentFailure failure = bad(Answers.credentials(NOW));

    assertThat(failure.retryable()).isTrue();
    assertThat(failure).hasMessageContaining("expired at " + NOW);
  }

  @Property
  void neverShowsWhatItCannotRead(
      @ForAll String before,
      @ForAll String after,
      @ForAll @IntRange(min = 200, max = 599) int code) {
    String body = before + Answers.SECRET_KEY + after;
    var answer = answer(code, body);

    assertThat(printed(AgentRefusals.of(answer, ENDPOINT, "the-token")))
        .doesNotContain(Answers.SECRET_KEY);
    assertThat(answer.toString()).doesNotContain(Answers.SECRET_KEY);
    AgentFailure failure = bad(body);
    assertThat(failure).isNotNull();
    assertThat(printed(failure)).doesNotContain(Answers.SECRET_KEY);
  }

  @Test
  void printsNoSecret() {
    String body = Answers.credentials(NOW.plusSeconds(60));

    assertThat(AgentAnswer.parse(body.getBytes(StandardCharsets.UTF_8), ENDPOINT, NOW).toString())
        .isEqualTo("AgentAnswer[expires " + NOW.plusSeconds(60) + "]");
  }
}
