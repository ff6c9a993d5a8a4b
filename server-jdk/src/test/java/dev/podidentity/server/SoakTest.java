package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The soak of {@code docs/reliability.md}, with each of its faults once. */
class SoakTest {
  @Test
  void givesEachPodItsOwnCredentialsThroughFaultsAndRestartsAndKeepsNothing() throws Exception {
    try (var soak = new Soak(Soak.Rhythm.QUICK.once(), Soak.Rhythm.QUICK)) {
      SoakReport report = soak.run();

      System.out.println(report);
      assertThat(report.problems()).isEmpty();
      assertThat(report.answered()).isGreaterThan(Soak.PODS);
      assertThat(report.restarts()).isPositive();
    }
  }
}
