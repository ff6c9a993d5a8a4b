package dev.podidentity.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.server.http.Admission.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("every-jdk")
class AdmissionsTest {
  private static final ClientKey NOISY = ClientKey.at(IpLiteral.parse("192.0.2.1").orElseThrow());
  private static final ClientKey QUIET = ClientKey.at(IpLiteral.parse("192.0.2.2").orElseThrow());

  private final Admissions admissions = new Admissions(4, 2);

  private Outcome enter(ClientKey client) {
    return admissions.enter(client).outcome();
  }

  @Test
  void leavesRoomForOtherAddresses() {
    enter(NOISY);
    enter(NOISY);

    assertThat(enter(NOISY)).isEqualTo(Outcome.CROWDED);
    assertThat(enter(QUIET)).isEqualTo(Outcome.ADMITTED);
  }

  @Test
  void admitsAnAddressAgainWhenOneOfItsRequestsIsAnswered() {
    enter(NOISY);
    admissions.enter(NOISY).close();

    assertThat(enter(NOISY)).isEqualTo(Outcome.ADMITTED);
  }

  @Test
  void admitsNobodyOnceItDrains() {
    admissions.drain(Duration.ZERO);

    assertThat(enter(QUIET)).isEqualTo(Outcome.CLOSED);
  }

  @Test
  @Timeout(30)
  void drainsUntilTheLastRequestIsAnswered() throws InterruptedException {
    Admission last = admissions.enter(QUIET);
    var drained = new CountDownLatch(1);
    var draining =
        new Thread(
            () -> {
              admissions.drain(Duration.ofDays(1));
              drained.countDown();
            });
    draining.start();
    awaitUntilClosed();
    assertThat(drained.getCount()).isEqualTo(1);

    last.close();

    assertThat(drained.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private void awaitUntilClosed() {
    Outcome outcome = Outcome.ADMITTED;
    while (outcome != Outcome.CLOSED) {
      try (Admission admission = admissions.enter(NOISY)) {
        outcome = admission.outcome();
      }
    }
  }
}
