package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that is stopped while it fetches, as by {@code docker pause} or a frozen function. */
@EnabledOnOs(OS.LINUX)
@Tag("every-jdk")
class StoppedProcessTest {
  private static final int STARTUP_SECONDS = 4;

  // Longer than the budget of the fetch and what its callers wait in all.
  private static final int STOPPED_SECONDS =
      Integer.getInteger("test.stopped.seconds", STARTUP_SECONDS + 2);

  @TempDir private Path directory = Path.of(".");

  @Test
  void fetchesAgainOnceItGoesOn() throws IOException, InterruptedException {
    var asked = new CountDownLatch(1);
    try (FakeAgent agent =
        FakeAgent.start(
            (request, connection) -> {
              asked.countDown();
              connection.getInputStream().read();
            })) {
      Path tokenFile = Files.writeString(directory.resolve("token"), "the-token");
      var options = List.of("-D" + PodProcess.STARTUP_SECONDS + "=" + STARTUP_SECONDS);
      PodProcess pod = PodProcess.start(List.of(), options, agent.uri(), tokenFile);
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      pod.signal("STOP");
      agent.behave(FakeAgent.json(200, Answers.credentials(Instant.now().plusSeconds(3_600))));
      assertThat(pod.process().waitFor(STOPPED_SECONDS, TimeUnit.SECONDS)).isFalse();
      pod.signal("CONT");

      assertThat(pod.printed()).contains("resolved ASIA0LOCAL0000000001");
    }
  }
}
