package dev.podidentity.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LineBudgetTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final LineBudget budget = new LineBudget(1, 10);

  @Test
  void endsAMinuteThatAClockWasSetBackIn() {
    budget.roll(NOW);
    assertThat(budget.admit("pod", "fresh")).isTrue();
    assertThat(budget.admit("pod", "fresh")).isFalse();
    Instant back = NOW.minus(Duration.ofDays(1));

    assertThat(budget.roll(back)).containsExactly(new LineBudget.LeftOut("pod", "fresh", 1));
    assertThat(budget.admit("pod", "fresh")).isTrue();
    assertThat(budget.roll(back.plusSeconds(59))).isEmpty();
  }
}
