package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs that come and go all day, and what they leave behind. */
class ChurnTest {
  private static final int PODS = 10_000;
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final CacheFixture world = new CacheFixture();

  private CachingCredentialSource cacheOf(int maxEntries) {
    world.source.stopRecording();
    return CachingCredentialSource.builder(world.source)
        .clock(world.clock)
        .ticker(world.scheduler)
        .scheduler(world.scheduler)
        .executor(Runnable::run)
        .settings(CacheSettings.builder().maxEntries(maxEntries).build())
        .build();
  }

  private int runADay(CachingCredentialSource cache) {
    for (int i = 0; i < PODS; i++) {
      String name = "job-" + i;
      world.scheduler.schedule(() -> live(cache, name), DAY.multipliedBy(i).dividedBy(PODS));
    }
    world.advance(DAY.plusHours(12));
    return world.source.calls();
  }

  private void live(CachingCredentialSource cache, String name) {
    ServiceAccountToken token = world.token(name);
    for (Duration age = Duration.ZERO; age.compareTo(LIFE) < 0; age = age.plusMinutes(1)) {
      world.scheduler.schedule(() -> cache.fetch(token), age);
    }
  }

  @Test
  void causesAtMostTwoCallsForAPodThatLivesFiveMinutes() {
    int calls;
    try (var cache = cacheOf(CacheSettings.defaults().maxEntries())) {
      calls = runADay(cache);
      assertThat(cache.state().entries()).isZero();
      assertThat(world.scheduler.pending()).isZero();
    }
    System.out.printf("%d pods of 5 minutes in a day: %d calls%n", PODS, calls);
    assertThat(calls).isLessThanOrEqualTo(2 * PODS);
  }

  @Test
  void renewsNothingForPodsThatAreKnownToBeGone() {
    world.source.stopRecording();
    try (var cache =
        CachingCredentialSource.builder(world.source)
            .clock(world.clock)
            .ticker(world.scheduler)
            .scheduler(world.scheduler)
            .executor(Runnable::run)
            .presence((namespace, pod) -> false)
            .build()) {
      assertThat(runADay(cache)).isEqualTo(PODS);
    }
    System.out.printf(
        "%d pods of 5 minutes in a day, with pod presence: %d calls%n", PODS, world.source.calls());
  }

  @Test
  void printsTheMemoryOfAnEntry() {
    List<ServiceAccountToken> tokens = new ArrayList<>();
    try (var cache = cacheOf(PODS)) {
      cache.fetch(tokenOfUsualLength(PODS));
      long empty = usedMemory();
      for (int i = 0; i < PODS; i++) {
        cache.fetch(tokenOfUsualLength(i));
      }
      long bytes = (usedMemory() - empty) / PODS;
      tokens.add(tokenOfUsualLength(0));
      System.out.printf(
          "an entry takes %d bytes with a token of %d characters%n",
          bytes, tokens.get(0).value().length());

      assertThat(cache.state().entries()).isEqualTo(PODS);
    }
  }

  /** An RS256 signature is 342 characters long. */
  private ServiceAccountToken tokenOfUsualLength(int number) {
    return TestTokens.of(
        "job-" + number, "my-app", CacheFixture.START, TestTokens.LIFETIME, "s".repeat(247));
  }

  private static long usedMemory() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
