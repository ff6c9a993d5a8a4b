package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

class NodeCredentialsCheckTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final AwsCredentials KEYS = AwsBasicCredentials.create("AKIA0NODE", "secret");

  @Test
  void findsNothingWrongWithCredentialsThatCanBeHad() throws InterruptedException {
    assertThat(NodeCredentialsCheck.of(() -> KEYS).problem(LONG)).isEmpty();
  }

  @Test
  void saysWhereCredentialsCouldComeFrom() throws InterruptedException {
    var none = NodeCredentials.rotatedFile(Path.of("none"), "default", Clock.systemUTC());

    assertThat(NodeCredentialsCheck.of(none).problem(LONG))
        .hasValueSatisfying(problem -> assertThat(problem).contains("AWS_SHARED_CREDENTIALS_FILE"));
  }

  @Test
  void repeatsNoMessageThatItDoesNotKnow() throws InterruptedException {
    var check =
        NodeCredentialsCheck.of(
            () -> {
              throw new IllegalStateException("with the secret of somebody");
            });

    assertThat(check.problem(LONG))
        .hasValue("The agent's own AWS credentials cannot be had: java.lang.IllegalStateException");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40})
  void triesAgainAfterThreadsThatCouldNotBeStarted(int times) throws InterruptedException {
    var left = new AtomicInteger(times);
    var check =
        NodeCredentialsCheck.of(
            () -> KEYS,
            task -> {
              if (left.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread: for a test");
              }
              return new Thread(task);
            });

    for (int i = 0; i < times; i++) {
      assertThat(check.problem(LONG))
          .hasValueSatisfying(problem -> assertThat(problem).contains("no thread is available"));
    }
    assertThat(check.problem(LONG)).isEmpty();
  }

  @Test
  void waitsNoLongerThanItMayAndAsksOnceAtATime() throws InterruptedException {
    var release = new CountDownLatch(1);
    var asked = new AtomicInteger();
    var check =
        NodeCredentialsCheck.of(
            () -> {
              asked.incrementAndGet();
              awaitQuietly(release);
              return KEYS;
            });

    for (int i = 0; i < 3; i++) {
      assertThat(check.problem(Duration.ofMillis(1)))
          .hasValueSatisfying(problem -> assertThat(problem).contains("within 1 ms"));
    }
    release.countDown();

    assertThat(check.problem(LONG)).isEmpty();
    assertThat(asked.get()).isBetween(1, 2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
