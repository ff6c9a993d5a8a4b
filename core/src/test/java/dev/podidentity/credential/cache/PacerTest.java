package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Pacer pacer = new Pacer(3, LONGEST);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private int beginAllFor(Duration time) {
    Instant end = now.plus(time);
    int begun = 0;
    while (now.isBefore(end)) {
      Duration wait = pacer.untilNext(now);
      if (wait.isZero()) {
        pacer.begin(now);
        begun++;
      }
      now = now.plus(wait);
    }
    return begun;
  }

  @Test
  void letsExactlyAsManyBeginAsAllowed() {
    assertThat(beginAllFor(Duration.ofSeconds(1_000))).isBetween(2_999, 3_001);
  }

  @Test
  void doublesThePauseUpToTheLongest() {
    Duration expected = Pacer.FIRST_PAUSE;
    for (int i = 0; i < 20; i++) {
      Duration pause = pacer.throttle(now, 0);
      assertThat(pause).isEqualTo(expected);
      now = now.plus(pause);
      Duration doubled = expected.multipliedBy(2);
      expected = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }
  }

  @Test
  void shortensThePauseByHalfAtMost() {
    assertThat(pacer.throttle(now, 1)).isEqualTo(Pacer.FIRST_PAUSE.dividedBy(2));
  }

  @Test
  void countsTheCallsOfOnePauseOnce() {
    pacer.throttle(now, 0);

    assertThat(pacer.throttle(now.plusSeconds(1), 0)).isZero();
  }

  @Test
  void waitsForNoClockThatWasSetBack() {
    pacer.throttle(now, 0);
    pacer.begin(now);
    now = now.minus(Duration.ofDays(1));

    assertThat(pacer.untilNext(now)).isZero();
    assertThat(pacer.throttle(now, 0)).isPositive();
  }

  @Test
  void recoversStepByStep() {
    for (int i = 0; i < 3; i++) {
      now = now.plus(pacer.throttle(now, 0));
    }
    assertThat(beginAllFor(Duration.ofSeconds(4))).isEqualTo(3);
    for (int i = 0; i < Pacer.SUCCESSES_A_STEP; i++) {
      pacer.succeed();
    }
    assertThat(beginAllFor(Duration.ofSeconds(3))).isEqualTo(3);
    for (int i = 0; i < 2 * Pacer.SUCCESSES_A_STEP; i++) {
      pacer.succeed();
    }
    beginAllFor(Duration.ofSeconds(1));

    assertThat(beginAllFor(Duration.ofSeconds(10))).isEqualTo(30);
  }
}
