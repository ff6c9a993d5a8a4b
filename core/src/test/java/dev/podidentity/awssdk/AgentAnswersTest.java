package dev.podidentity.awssdk;

import static dev.podidentity.awssdk.ScriptedTransport.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.awssdk.PodIdentityException.Reason;
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
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

class AgentAnswersTest {
  private static final Instant NOW = SimulatedTime.START;
  private static final AgentEndpoint ENDPOINT =
      AgentEndpoint.parse("http://169.254.170.23/v1/credentials", "The test");

  private static PodIdentityException refusal(int status, String body) {
    return AgentRefusals.of(answer(status, body), ENDPOINT, "the-token");
  }

  private static PodIdentityException bad(String body) {
    return catchThrowableOfType(
        PodIdentityException.class,
        () -> AgentCredentials.parse(body.getBytes(StandardCharsets.UTF_8), NOW));
  }

  private static String printed(Throwable e) {
    var text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text + e.toString();
  }

  @Test
  void tellsCausesApartByStatus() {
    Map.of(
            400, Reason.REFUSED,
            401, Reason.REFUSED,
            403, Reason.REFUSED,
            404, Reason.NO_ASSOCIATION,
            408, Reason.AGENT_FAILED,
            429, Reason.THROTTLED,
            500, Reason.AGENT_FAILED,
            503, Reason.AGENT_FAILED,
            302, Reason.BAD_ANSWER,
            204, Reason.BAD_ANSWER)
        .forEach(
            (status, reason) ->
                assertThat(refusal(status, "").reason()).as("%s", status).isEqualTo(reason));
  }

  @Test
  void tellsCausesApartByTheCodeOfTheAgent() {
    assertThat(refusal(400, Answers.error("ExpiredTokenException", "x")).reason())
        .isEqualTo(Reason.TOKEN_EXPIRED);
    assertThat(refusal(503, Answers.error("ThrottlingException", "x")).reason())
        .isEqualTo(Reason.THROTTLED);
    assertThat(refusal(404, Answers.error("NotFoundException", "x")).reason())
        .isEqualTo(Reason.REFUSED);
    assertThat(refusal(404, Answers.error("ResourceNotFoundException", "x")).reason())
        .isEqualTo(Reason.NO_ASSOCIATION);
    assertThat(refusal(400, "eks auth: ExpiredTokenException: the token").reason())
        .isEqualTo(Reason.TOKEN_EXPIRED);
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
      PodIdentityException failure = bad(body);

      assertThat(failure.reason()).isEqualTo(Reason.BAD_ANSWER);
      assertThat(failure.retryable()).isTrue();
      assertThat(printed(failure)).doesNotContain("ASIA0").doesNotContain(Answers.SECRET_KEY);
    }
  }

  @Test
  void namesTheMemberThatIsMissing() {
    String whole = Answers.credentials(NOW.plusSeconds(60));
    for (String member : List.of("AccessKeyId", "SecretAccessKey", "Token", "Expiration")) {
      PodIdentityException failure = bad(whole.replace("\"" + member + "\"", "\"Other\""));

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
      PodIdentityException failure = bad(body);

      assertThat(failure.reason()).isEqualTo(Reason.BAD_ANSWER);
      assertThat(printed(failure)).doesNotContain("hidden").doesNotContain("hid");
    }
  }

  @Test
  void refusesCredentialsThatHaveExpired() {
    PodIdentityException failure = bad(Answers.credentials(NOW));

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
    PodIdentityException failure = bad(body);
    assertThat(failure).isNotNull();
    assertThat(printed(failure)).doesNotContain(Answers.SECRET_KEY);
  }

  @Test
  void printsNoSecret() {
    String body = Answers.credentials(NOW.plusSeconds(60));

    assertThat(AgentCredentials.parse(body.getBytes(StandardCharsets.UTF_8), NOW).toString())
        .isEqualTo("AgentCredentials[expires " + NOW.plusSeconds(60) + "]");
  }

  @Test
  void keepsItsTypeWhenTheSdkCountsAttempts() {
    PodIdentityException original = refusal(404, "");
    SdkException copy = original.toBuilder().numAttempts(3).build();

    assertThat(copy)
        .isInstanceOf(PodIdentityException.class)
        .isInstanceOf(SdkClientException.class);
    assertThat(((PodIdentityException) copy).reason()).isEqualTo(Reason.NO_ASSOCIATION);
    assertThat(copy).hasMessageContaining(original.getMessage()).hasMessageContaining("3");
  }
}
