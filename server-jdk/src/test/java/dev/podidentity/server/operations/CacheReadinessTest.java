package dev.podidentity.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.cache.CacheState;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheReadinessTest {
  @Test
  void isReadyWhileWorkGoesOn() {
    assertThat(check(0, Duration.ofSeconds(29)).isOk()).isTrue();
  }

  @Test
  void isNotReadyWhileAFetchOutlivesItsBudget() {
    assertThat(check(2, Duration.ZERO).isOk()).isFalse();
    assertThat(check(2, Duration.ZERO).reason()).startsWith("2 fetches").contains("threads");
  }

  @Test
  void isNotReadyWhileAnEventStaysUntold() {
    assertThat(check(0, Duration.ofSeconds(30)).isOk()).isFalse();
    assertThat(check(0, Duration.ofSeconds(31)).reason()).contains("31 s behind");
  }

  private static CheckResult check(int overdue, Duration eventDelay) {
    return CacheReadiness.of(
            () ->
                new CacheState(
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    Optional.empty(),
                    0,
                    overdue,
                    eventDelay))
        .check();
  }
}
