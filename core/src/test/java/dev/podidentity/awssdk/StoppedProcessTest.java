package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that is stopped while it fetches, as by {@code docker pause} or a frozen function. */
@EnabledOnOs(OS.LINUX)
class StoppedProcessTest {
  // Longer than the budget of the fetch and what its callers wait in all.
  private static final int STOPPED_SECONDS = Integer.getInteger("test.stopped.seconds", 12);

  @TempDir private Path directory = Path.of(".");

  /** The process: prints what came of it. */
  static final class Application {
    private Application() {}

    public static void main(String[] args) {
      try (var provider =
          PodIdentityCredentialsProvider.builder()
              .endpoint(URI.create(args[0]))
              .tokenFile(Path.of(args[1]))
              .requestTimeout(Duration.ofSeconds(1))
              .startupBudget(Duration.ofSeconds(10))
              .grace(Duration.ofSeconds(1))
              .build()) {
        System.out.println("resolved " + provider.resolveCredentials().accessKeyId());
      } catch (PodIdentityException e) {
        System.out.println("failed " + e.getMessage());
      }
    }
  }

  @Test
  void fetchesAgainOnceItGoesOn() throws IOException, InterruptedException {
    var asked = new CountDownLatch(1);
    try (FakeAgent agent =
        FakeAgent.start(
            (request, connection) -> {
              asked.countDown();
              connection.getInputStream().read();
            })) {
      Process application = start(agent);
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      signal("STOP", application);
      agent.behave(FakeAgent.json(200, Answers.credentials(Instant.now().plusSeconds(3_600))));
      assertThat(application.waitFor(STOPPED_SECONDS, TimeUnit.SECONDS)).isFalse();
      signal("CONT", application);

      assertThat(new String(application.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("resolved ASIA0LOCAL0000000001");
    }
  }

  private Process start(FakeAgent agent) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Application.class.getName(),
            agent.uri().toString(),
            Files.writeString(directory.resolve("token"), "the-token").toString())
        .redirectErrorStream(true)
        .start();
  }

  private static void signal(String name, Process process)
      throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
