package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialSourceChain;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance.Origin;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What operators are told of the cache: where an answer came from, and how long it would last. */
class CacheStateTest {
  private final CacheFixture world = new CacheFixture();

  @Test
  void saysWhetherAnAnswerIsFreshOrCached() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = world.token("a");

      assertThat(origin(cache, token)).isEqualTo(Origin.FRESH);
      assertThat(origin(cache, token)).isEqualTo(Origin.CACHED);
    }
  }

  @Test
  void callsTheAnswerToARotatedTokenCached() {
    try (var cache = world.builder().verifier(world.verifier).build()) {
      cache.fetch(world.token("a"));
      world.advance(Duration.ofMinutes(1));

      assertThat(origin(cache, world.token("a"))).isEqualTo(Origin.CACHED);
    }
  }

  @Test
  void saysSoOverAChain() {
    var chain =
        CredentialSourceChain.builder().clock(world.clock).source("one", world.source).build();
    try (var cache = world.builder(chain, Runnable::run).build()) {
      ServiceAccountToken token = world.token("a");

      assertThat(origin(cache, token)).isEqualTo(Origin.FRESH);
      assertThat(origin(cache, token)).isEqualTo(Origin.CACHED);
    }
  }

  private static Origin origin(CachingCredentialSource cache, ServiceAccountToken token) {
    return cache.fetch(token, ClientKey.AGENT).origin();
  }

  @Test
  void knowsWhenTheFirstPodWouldBeWithout() {
    try (var cache = world.builder().build()) {
      assertThat(cache.state().firstWithout()).isEmpty();
      cache.fetch(world.token("a"));
      world.advance(Duration.ofMinutes(10));
      cache.fetch(world.token("b"));

      assertThat(cache.state().firstWithout())
          .hasValue(
              CacheFixture.START.plus(FakeSource.LIFETIME).minus(CacheSettings.MIN_REMAINING_LIFE));
    }
  }

  @Test
  void leavesOutWhoHasStoppedAsking() {
    try (var cache = world.builder().build()) {
      cache.fetch(world.token("a"));
      world.advance(Duration.ofHours(7));

      assertThat(cache.state().entries()).isEqualTo(1);
      assertThat(cache.state().nearestExpiry()).isPresent();
      assertThat(cache.state().firstWithout()).isEmpty();
    }
  }

  @Test
  void saysUntilWhenRenewalsPause() {
    try (var cache = world.builder().settings(CacheFixture.HOLDING_NOTHING).build()) {
      assertThat(cache.state().renewalsPausedUntil()).isEmpty();
      world.source.failWith(FailureReason.THROTTLED);
      assertThat(catchThrowable(() -> cache.fetch(world.token("a")))).isNotNull();

      assertThat(cache.state().renewalsPausedUntil())
          .hasValueSatisfying(until -> assertThat(until).isAfter(world.clock.instant()));
      world.advance(Duration.ofSeconds(3));
      assertThat(cache.state().renewalsPausedUntil()).isEmpty();
    }
  }
}
