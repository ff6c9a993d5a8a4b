package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.TemporaryCredentials;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CredentialAnswersTest {
  private static final int ROUNDS = 200;

  private final CredentialAnswers answers = new CredentialAnswers();

  @Test
  void makesOneAnswerForTheSameCredentials() {
    TemporaryCredentials credentials = credentials();

    assertThat(answers.of(credentials)).isSameAs(answers.of(credentials));
  }

  @Test
  void makesAnAnswerOfItsOwnForOthersHoweverMuchTheyLookAlike() {
    assertThat(answers.of(credentials())).isNotSameAs(answers.of(credentials()));
  }

  @Test
  void forgetsAnAnswerWithItsCredentials() throws InterruptedException {
    var answer = new WeakReference<>(answers.of(credentials()));
    var never = new CountDownLatch(1);

    for (int i = 0; i < ROUNDS && answer.get() != null; i++) {
      System.gc();
      // What was collected is taken out when the next one is asked for.
      answers.of(credentials());
      var unused = never.await(10, TimeUnit.MILLISECONDS);
    }

    assertThat(answer.get()).isNull();
  }

  private static TemporaryCredentials credentials() {
    return TemporaryCredentials.builder()
        .accessKeyId("ASIAEXAMPLE")
        .secretAccessKey("secret")
        .sessionToken("session")
        .accountId("111122223333")
        .expiration(Instant.EPOCH)
        .build();
  }
}
