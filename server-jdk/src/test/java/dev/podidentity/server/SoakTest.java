package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The soak of {@code docs/reliability.md}, as short as a build allows. */
class SoakTest {
  @Test
  void givesEachPodItsOwnCredentialsThroughFaultsAndRestartsAndKeepsNothing() throws Exception {
    try (var soak = new Soak(Duration.ofSeconds(45))) {
      SoakReport report = soak.run();

      System.out.println(report);
      assertThat(report.problems()).isEmpty();
      assertThat(report.answered()).isGreaterThan(Soak.PODS);
      assertThat(report.restarts()).isPositive();
    }
  }
}
