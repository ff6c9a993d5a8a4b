package dev.podidentity.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.pod.PodFailureReason;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final LocalCluster CLUSTER =
      LocalCluster.builder().clock(MovableClock.startingAt(START)).build();
  private static final String TOKEN =
      CLUSTER.projectedToken(
          CLUSTER.startPod(new ServiceAccountRef("default", "my-service-account"), "my-pod"));

  private final MovableClock clock = MovableClock.startingAt(START);
  @TempDir private Path directory = Path.of(".");
  private Path file = Path.of(".");

  @BeforeEach
  void nameFile() {
    file = directory.resolve("eks-pod-identity-token");
  }

  private String read() {
    return new TokenCheck(clock).usable(new TokenFile(file).read());
  }

  private AgentFailure failure() {
    return catchThrowableOfType(AgentFailure.class, this::read);
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  @Test
  void trimsTheToken() throws IOException {
    write(" \t" + TOKEN + "\r\n\n");

    assertThat(read()).isEqualTo(TOKEN);
  }

  @Test
  void readsTheFileEachTime() throws IOException {
    write("first");
    assertThat(read()).isEqualTo("first");
    write("second");
    assertThat(read()).isEqualTo("second");
  }

  @Test
  void leavesTokensOfAnotherFormToTheAgent() throws IOException {
    write("opaque-token");

    assertThat(read()).isEqualTo("opaque-token");
  }

  @Test
  void saysThatTheFileIsMissing() {
    assertThat(failure().reason()).isEqualTo(PodFailureReason.TOKEN_UNREADABLE);
    assertThat(failure()).hasMessageContaining(file.toString()).hasMessageContaining("not exist");
  }

  @Test
  void doesNotRepeatATokenThatStandsWhereTheFileBelongs() {
    for (String token : List.of(TOKEN, "x".repeat(60), "/var/run/" + TOKEN)) {
      file = Path.of(token);

      assertThat(failure().reason()).isEqualTo(PodFailureReason.TOKEN_UNREADABLE);
      assertThat(failure()).hasMessageContaining("looks like a token");
      assertThat(failure().getMessage()).doesNotContain(token.substring(token.length() - 60));
    }
  }

  @Test
  void saysThatTheFileIsEmpty() throws IOException {
    write("\n");

    assertThat(failure().reason()).isEqualTo(PodFailureReason.TOKEN_UNREADABLE);
    assertThat(failure()).hasMessageContaining(file.toString()).hasMessageContaining("empty");
  }

  @Test
  void saysThatTheFileIsADirectory() throws IOException {
    Files.createDirectory(file);

    assertThat(failure().reason()).isEqualTo(PodFailureReason.TOKEN_UNREADABLE);
    assertThat(failure()).hasMessageContaining(file.toString()).hasMessageContaining("directory");
  }

  @Test
  void refusesTextThatIsMoreThanAToken() throws IOException {
    for (String text : List.of("two words", "two\nlines", "töken", "a\0b", "x".repeat(17_000))) {
      write(text);

      assertThat(failure().reason()).isEqualTo(PodFailureReason.TOKEN_UNREADABLE);
      assertThat(failure()).hasMessageContaining(file.toString());
      assertThat(failure().getMessage()).doesNotContain(text);
    }
  }

  @Test
  void saysThatTheTokenHasExpired() throws IOException {
    write(TOKEN);
    clock.advance(LocalCluster.TOKEN_LIFETIME.plus(Duration.ofMinutes(1)));

    assertThat(failure().reason()).isEqualTo(PodFailureReason.TOKEN_EXPIRED);
    assertThat(failure())
        .hasMessageContaining(file.toString())
        .hasMessageContaining("default/my-service-account")
        .hasMessageContaining("2026-01-02T00:00:00Z");
    assertThat(failure().getMessage()).doesNotContain(TOKEN);
  }

  @Test
  void allowsTheClocksToBeAMinuteApart() throws IOException {
    write(TOKEN);
    clock.advance(LocalCluster.TOKEN_LIFETIME.plus(Duration.ofSeconds(59)));

    assertThat(read()).isEqualTo(TOKEN);
  }

  @Test
  void saysThatTheTokenIsForSomebodyElse() throws IOException {
    write(withAudience("sts.amazonaws.com"));

    assertThat(failure().reason()).isEqualTo(PodFailureReason.TOKEN_WRONG_AUDIENCE);
    assertThat(failure())
        .hasMessageContaining(file.toString())
        .hasMessageContaining("pods.eks.amazonaws.com");
  }

  private static String withAudience(String audience) {
    String[] parts = TOKEN.split("\\.", 3);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String other = claims.replace("pods.eks.amazonaws.com", audience);
    return parts[0]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(other.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }
}
