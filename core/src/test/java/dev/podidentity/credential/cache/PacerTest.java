package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Pacer pacer = new Pacer(3, LONGEST, 0);
  private long now;

  private int beginAllFor(Duration time) {
    long end = now + time.toNanos();
    int begun = 0;
    while (now < end) {
      Duration wait = pacer.untilNext(now);
      if (wait.isZero()) {
        pacer.begin(now);
        begun++;
      }
      now += wait.toNanos();
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
      now += pause.toNanos();
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

    assertThat(pacer.throttle(now + Duration.ofSeconds(1).toNanos(), 0)).isZero();
  }

  @Test
  void recoversStepByStep() {
    for (int i = 0; i < 3; i++) {
      now += pacer.throttle(now, 0).toNanos();
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
