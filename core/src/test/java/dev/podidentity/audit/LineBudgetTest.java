package dev.podidentity.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.credential.ClientKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LineBudgetTest {
  private static final ClientKey CLIENT = ClientKey.at(IpLiteral.parse("192.0.2.1").orElseThrow());

  private final LineBudget budget = new LineBudget(1, 10, 0);

  @Test
  void countsWhatIsLeftOutUntilTheMinuteIsOver() {
    long minute = LineBudget.WINDOW.toNanos();
    assertThat(budget.roll(0)).isEmpty();
    assertThat(budget.admit(CLIENT, "fresh")).isTrue();
    assertThat(budget.admit(CLIENT, "fresh")).isFalse();
    assertThat(budget.roll(minute - 1)).isEmpty();

    assertThat(budget.roll(minute))
        .containsExactly(new LineBudget.LeftOut("192.0.2.1", "fresh", 1));
    assertThat(budget.admit(CLIENT, "fresh")).isTrue();
    assertThat(budget.roll(minute + Duration.ofSeconds(59).toNanos())).isEmpty();
  }
}
