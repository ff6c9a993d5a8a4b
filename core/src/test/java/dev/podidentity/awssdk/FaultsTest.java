package dev.podidentity.awssdk;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import dev.podidentity.pod.PodFailureReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** The faults of the comparison, played in simulated time over real sockets. */
@Tag("every-jdk")
class FaultsTest {
  @TempDir private Path directory = Path.of(".");
  private final SimulatedTime time = new SimulatedTime(Instant.now());
  private SimulatedStage stage = new SimulatedStage(null, directory, time);
  private PodIdentityCredentialsProvider client = PodIdentityCredentialsProvider.create();

  private record SimulatedStage(@Nullable FakeAgent fake, Path tokenFile, SimulatedTime time)
      implements Stage {
    @Override
    public FakeAgent agent() {
      return requireNonNull(fake);
    }

    @Override
    public URI uri() {
      return agent().uri();
    }

    @Override
    public Instant now() {
      return time.clock.instant();
    }

    @Override
    public Duration elapsed() {
      return Duration.ofNanos(time.nanos());
    }

    @Override
    public void takeTime(Duration duration) {
      time.pass(duration);
    }

    @Override
    public void letPass(Duration duration) {
      time.pass(duration);
    }

    @Override
    public void agentAwayFor(Duration duration) throws IOException {
      Duration back = elapsed().plus(duration);
      time.onPause(
          pause -> {
            if (elapsed().compareTo(back) >= 0) {
              time.onPause(later -> {});
              restart();
            }
          });
      agent().stop();
    }

    private void restart() {
      try {
        agent().restart();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void setStage() throws IOException {
    start(FakeAgent.start((request, connection) -> {}));
  }

  private void start(FakeAgent agent) throws IOException {
    Path tokenFile = Files.writeString(directory.resolve("token"), "the-token");
    stage = new SimulatedStage(agent, tokenFile, time);
    client = builder().build();
  }

  private PodIdentityCredentialsProvider.Builder builder() {
    return PodIdentityCredentialsProvider.builder()
        .endpoint(stage.uri())
        .tokenFile(stage.tokenFile())
        .clock(time.clock)
        .ticker(time)
        .random(() -> 0.5)
        .executor(Runnable::run);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    stage.agent().close();
  }

  private AwsCredentials play(Fault fault) throws IOException, InterruptedException {
    fault.prepare(stage);
    return fault.act(stage, client);
  }

  private PodIdentityException failureOf(Fault fault) {
    return catchThrowableOfType(PodIdentityException.class, () -> play(fault));
  }

  private int requests() {
    return stage.agent().requests().size();
  }

  @Test
  void waitsForAnAgentThatIsAbsent() throws Exception {
    play(Fault.AGENT_ABSENT);

    assertThat(stage.elapsed()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void waitsForAnAgentThatRestarts() throws Exception {
    play(Fault.AGENT_RESTARTING);

    assertThat(stage.elapsed()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void triesAgainWhenAnAgentSaysWhen() throws Exception {
    play(Fault.THROTTLED_ONCE);

    assertThat(stage.elapsed()).isEqualTo(Duration.ofSeconds(1));
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void triesAgainWhileAnAgentFails() throws Exception {
    play(Fault.FAILING);

    assertThat(stage.elapsed()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
    assertThat(requests()).isLessThan(10);
  }

  @Test
  void takesAnAnswerThatComesLate() throws Exception {
    play(Fault.SLOW);

    assertThat(stage.elapsed()).isEqualTo(Duration.ofMillis(1_500));
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void givesUpOnAnAgentThatHangs() {
    client =
        builder()
            .requestTimeout(Duration.ofMillis(50))
            .startupBudget(Duration.ofMillis(500))
            .build();

    assertThat(failureOf(Fault.HANGING).reason()).isEqualTo(PodFailureReason.AGENT_UNREACHABLE);
  }

  @Test
  void triesAgainAfterAReset() throws Exception {
    play(Fault.RESET);

    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void triesAgainAfterTruncatedJson() throws Exception {
    play(Fault.TRUNCATED_JSON);

    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void refusesABodyThatIsHuge() {
    PodIdentityException failure = failureOf(Fault.HUGE);

    assertThat(failure.reason()).isEqualTo(PodFailureReason.BAD_ANSWER);
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void sendsTheRotatedToken() throws Exception {
    play(Fault.TOKEN_ROTATED);

    assertThat(stage.agent().requests())
        .extracting(request -> request.header("authorization"))
        .containsExactly("the-token", "another-token");
  }

  @Test
  void trimsANewline() throws Exception {
    play(Fault.TOKEN_WITH_NEWLINE);

    assertThat(stage.agent().requests().get(0).header("authorization")).isEqualTo("the-token");
  }

  @Test
  void saysThatTheTokenIsMissing() {
    PodIdentityException failure = failureOf(Fault.TOKEN_MISSING);

    assertThat(failure.reason()).isEqualTo(PodFailureReason.TOKEN_UNREADABLE);
    assertThat(failure).hasMessageContaining(stage.tokenFile().toString());
    assertThat(requests()).isZero();
  }

  @Test
  void usesCredentialsThatAreStillValidDuringAnOutage() throws Exception {
    assertThat(play(Fault.VALID_IN_OUTAGE)).isNotNull();
  }

  @Test
  void usesNoExpiredCredentialsDuringAnOutage() {
    assertThat(failureOf(Fault.EXPIRED_IN_OUTAGE).reason())
        .isEqualTo(PodFailureReason.AGENT_UNREACHABLE);
  }

  @Test
  void asksAnIpv6Address() throws Exception {
    stage.agent().close();
    start(FakeAgent.startOnIpv6((request, connection) -> {}));

    assertThat(play(Fault.IPV6)).isNotNull();
  }

  @Test
  void keepsTheAccount() throws Exception {
    assertThat(play(Fault.ACCOUNT_ID).accountId()).contains(Answers.ACCOUNT);
  }

  @Test
  void tellsWhatAJsonErrorSays() {
    PodIdentityException failure = failureOf(Fault.ERROR_AS_JSON);

    assertThat(failure.reason()).isEqualTo(PodFailureReason.NO_ASSOCIATION);
    assertThat(failure).hasMessageContaining("No association for default/my-service-account");
  }

  @Test
  void tellsWhichErrorATextNames() {
    PodIdentityException failure = failureOf(Fault.ERROR_AS_TEXT);

    assertThat(failure.reason()).isEqualTo(PodFailureReason.REFUSED);
    assertThat(failure).hasMessageContaining("AccessDeniedException");
  }
}
