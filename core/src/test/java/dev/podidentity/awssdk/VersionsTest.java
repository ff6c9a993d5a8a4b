package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import dev.podidentity.pod.PodFailureReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * What the provider does with every version of the AWS SDK, Jackson and SLF4J that it is for: it
 * can be run with the oldest of them. So it uses nothing itself that only a newer one has.
 */
class VersionsTest {
  private static final Duration LIFETIME = Duration.ofHours(6);

  @TempDir private Path directory = Path.of(".");
  private final SimulatedTime time = new SimulatedTime(Instant.now());
  private final FakeAgent agent =
      FakeAgent.start(
          FakeAgent.json(200, Answers.credentials(time.clock.instant().plus(LIFETIME))));

  VersionsTest() throws IOException {}

  private PodIdentityCredentialsProvider provider() throws IOException {
    return PodIdentityCredentialsProvider.builder()
        .endpoint(agent.uri())
        .tokenFile(Files.writeString(directory.resolve("token"), "the-token"))
        .clock(time.clock)
        .ticker(time)
        .executor(Runnable::run)
        .build();
  }

  @AfterEach
  void stop() throws IOException {
    agent.close();
  }

  @Test
  void resolvesCredentials() throws IOException {
    try (var provider = provider()) {
      AwsCredentials credentials = provider.resolveCredentials();

      assertThat(credentials.accessKeyId()).isEqualTo("ASIA0LOCAL0000000001");
      assertThat(credentials.secretAccessKey()).isEqualTo(Answers.SECRET_KEY);
      assertThat(((AwsSessionCredentials) credentials).sessionToken())
          .isEqualTo(Answers.SESSION_TOKEN);
      assertThat(provider.resolveIdentity(request -> {}).join().accessKeyId())
          .isEqualTo("ASIA0LOCAL0000000001");
      assertThat(AwsCredentialsProviderChain.of(provider).resolveCredentials())
          .isSameAs(credentials);
    }
  }

  @Test
  void resolvesCredentialsOfAUser() throws IOException {
    agent.behave(
        FakeAgent.json(
            200,
            Answers.credentials(time.clock.instant().plus(LIFETIME))
                .replace("\"Token\"", "\"Other\"")));
    try (var provider = provider()) {
      assertThat(provider.resolveCredentials().accessKeyId()).isEqualTo("ASIA0LOCAL0000000001");
    }
  }

  @Test
  void keepsCredentialsThatCannotBeRenewed() throws IOException {
    try (var provider = provider()) {
      AwsCredentials first = provider.resolveCredentials();
      agent.behave(FakeAgent.json(404, ""));
      time.pass(LIFETIME.minusMinutes(1));

      assertThat(provider.resolveCredentials()).isSameAs(first);
    }
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    for (String body : List.of("", "{", Answers.error("AccessDeniedException", "No trust"))) {
      agent.behave(FakeAgent.json(400, body));
      try (var provider = provider()) {
        PodIdentityException failure =
            catchThrowableOfType(PodIdentityException.class, provider::resolveCredentials);

        assertThat(failure.reason()).isEqualTo(PodFailureReason.REFUSED);
        assertThat(failure.toBuilder().build()).hasMessageContaining("refuses this pod (400)");
      }
    }
  }
}
