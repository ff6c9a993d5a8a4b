package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import dev.podidentity.testing.TestJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * A JVM with a single carrier thread: if one of the callers that wait, or the fetch that they wait
 * for, kept it while blocked, nothing would ever move.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
@Tag("every-jdk")
class VirtualThreadsTest {
  private static final int CALLERS = 200;

  @Test
  void pinNoCarrier() throws IOException, InterruptedException {
    try (var agent =
        FakeAgent.start(
            (request, connection) ->
                FakeAgent.json(200, Answers.credentials(Instant.now().plusSeconds(3600)))
                    .answer(request, connection))) {
      var command = new ArrayList<>(TestJvm.command());
      command.add("-Djdk.virtualThreadScheduler.parallelism=1");
      command.add("-Djdk.virtualThreadScheduler.maxPoolSize=1");
      command.addAll(TestJvm.program(OneCarrier.class, agent.uri().toString()));
      Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();
      String printed = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(jvm.waitFor()).as(printed).isZero();
      assertThat(agent.requests()).hasSize(1);
    }
  }

  /** Runs in the JVM with one carrier; ends with status 0 if all callers got credentials. */
  static final class OneCarrier {
    private OneCarrier() {}

    public static void main(String[] arguments) throws Exception {
      var threads =
          (ExecutorService)
              Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
      var waiting = new CountDownLatch(CALLERS);
      var answered = new CountDownLatch(CALLERS);
      var provider =
          PodIdentityCredentialsProvider.builder()
              .environment(Map.of())
              .endpoint(URI.create(arguments[0]))
              .executor(
                  fetch ->
                      threads.execute(
                          () -> {
                            awaitQuietly(waiting);
                            fetch.run();
                          }))
              .build();
      for (int i = 0; i < CALLERS; i++) {
        threads.execute(
            () -> {
              waiting.countDown();
              provider.resolveCredentials();
              answered.countDown();
            });
      }
      System.exit(answered.await(20, TimeUnit.SECONDS) ? 0 : 1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
