package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** The clock is set, or the machine is suspended: the ticker, and with it every timer, is not. */
class ClockJumpsTest {
  private static final int PODS = 60;

  private final CacheFixture world = new CacheFixture();

  @Test
  void seesAJumpOnce() {
    var jumps = new ClockJumps(world.clock, world.scheduler);
    world.clock.advance(Duration.ofHours(5));
    assertThat(jumps.look()).isEqualTo(Duration.ofHours(5));
    assertThat(jumps.look()).isZero();
    world.clock.advance(Duration.ofHours(-5));
    assertThat(jumps.look()).isEqualTo(Duration.ofHours(-5));
  }

  @Test
  void takesNoSmallCorrectionForOne() {
    var jumps = new ClockJumps(world.clock, world.scheduler);
    world.advance(Duration.ofHours(1));
    world.clock.advance(Duration.ofSeconds(29));
    assertThat(jumps.look()).isZero();
  }

  @Test
  void renewsWhatIsDueAfterASuspensionThoseThatExpireFirstAhead() {
    List<ServiceAccountToken> tokens = new ArrayList<>();
    try (var cache = world.builder().build()) {
      for (int i = 0; i < PODS; i++) {
        ServiceAccountToken token = world.token("pod-" + i);
        tokens.add(token);
        cache.fetch(token);
        world.advance(Duration.ofSeconds(1));
      }
      // Each is asked for, from the last one to the first one.
      for (int i = PODS - 1; i >= 0; i--) {
        cache.fetch(tokens.get(i));
      }
      int before = world.source.calls();

      world.clock.advance(Duration.ofMinutes(350));
      world.look();
      assertThat(world.source.calls() - before).as("begun at once").isEqualTo(1);
      world.advance(Duration.ofSeconds(PODS / 3 + 1));

      assertThat(world.source.calls() - before).isEqualTo(PODS);
      assertThat(world.source.tokens().subList(before, before + PODS))
          .containsExactlyElementsOf(tokens);
      assertThat(tokens)
          .allSatisfy(
              token ->
                  assertThat(cache.fetch(token).expiration())
                      .isAfter(CacheFixture.START.plus(Duration.ofHours(11))));
      assertThat(world.source.calls() - before).as("all of these were hits").isEqualTo(PODS);
    }
  }

  @Test
  void keepsNoHitWaitingForARenewal() {
    var later = new ManualExecutor();
    try (var cache = world.builder(later).listener(CacheListener.NONE).build()) {
      ServiceAccountToken token = world.token("pod");
      ask(cache, token);
      later.runAll();
      world.clock.advance(Duration.ofMinutes(350));
      world.look();
      assertThat(cache.state().callsUnderWay()).isEqualTo(1);
      assertThat(cache.request(token)).isCompleted();
    }
  }

  @Test
  void renewsInTimeThoughTheClockWasSetBack() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = world.token("pod");
      cache.fetch(token);
      world.clock.advance(Duration.ofHours(-12));
      world.look();
      world.advance(Duration.ofMinutes(185));
      assertThat(world.source.calls()).isEqualTo(2);
    }
  }

  @Test
  void dropsWhatHasExpiredInASuspension() {
    try (var cache = world.builder().build()) {
      cache.fetch(world.token("pod"));
      world.clock.advance(Duration.ofHours(7));
      world.look();
      assertThat(cache.state().entries()).isZero();
    }
  }

  @Test
  void renewsWhatIsUsedPastItsTimeThoughNoTimerRuns() {
    Executor direct = Runnable::run;
    try (var cache = world.builder(direct).scheduler((task, delay) -> () -> {}).build()) {
      ServiceAccountToken token = world.token("pod");
      Instant first = cache.fetch(token).expiration();
      world.advance(Duration.ofMinutes(190));
      assertThat(cache.fetch(token).expiration()).as("a hit").isEqualTo(first);
      assertThat(cache.fetch(token).expiration()).isAfter(first);
    }
  }

  @Test
  void goesOnWithRenewalsWhoseTurnWasLost() {
    try (var cache =
        world
            .builder()
            .settings(CacheSettings.builder().renewalJitter(0).build())
            .scheduler(
                (task, delay) ->
                    delay.compareTo(Duration.ofSeconds(1)) < 0
                        ? () -> {}
                        : world.scheduler.schedule(task, delay))
            .build()) {
      for (String pod : Set.of("one", "two", "three")) {
        cache.fetch(world.token(pod));
      }
      world.advance(Duration.ofMinutes(190));
      assertThat(cache.state().renewalsDue()).isEqualTo(2);
      for (int i = 0; i < 3; i++) {
        world.advance(Duration.ofSeconds(2));
        world.look();
      }
      assertThat(cache.state().renewalsDue()).isZero();
    }
  }

  private static void ask(CachingCredentialSource cache, ServiceAccountToken token) {
    var unused = cache.request(token);
  }
}
