package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.FailureReason;
import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountRef;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheEntriesTest {
  private final CacheFixture world = new CacheFixture();

  @Test
  void showsWhoseCredentialsItHoldsAndForHowLong() {
    try (var cache = world.builder().build()) {
      cache.fetch(world.token("a"));

      assertThat(cache.entries())
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.pod()).contains(new PodRef("a", "uid-a"));
                assertThat(entry.serviceAccount())
                    .isEqualTo(new ServiceAccountRef("default", "my-app"));
                assertThat(entry.obtainedAt()).isEqualTo(CacheFixture.START);
                assertThat(entry.expiresAt())
                    .isEqualTo(CacheFixture.START.plus(FakeSource.LIFETIME));
                assertThat(entry.nextRenewal().orElseThrow())
                    .isBetween(
                        CacheFixture.START.plus(Duration.ofMinutes(170)),
                        CacheFixture.START.plus(Duration.ofMinutes(190)));
                assertThat(entry.lastError()).isEmpty();
              });
    }
  }

  @Test
  void showsWhyARenewalFailedUntilOneSucceeds() {
    try (var cache = world.builder().build()) {
      cache.fetch(world.token("a"));
      world.source.failWith(FailureReason.THROTTLED);
      world.advance(Duration.ofHours(3).plusMinutes(10));

      assertThat(only(cache).lastError().orElseThrow().reason()).isEqualTo(FailureReason.THROTTLED);

      world.source.recover();
      world.advance(Duration.ofMinutes(20));

      assertThat(only(cache).lastError()).isEmpty();
      assertThat(only(cache).obtainedAt()).isAfter(CacheFixture.START);
    }
  }

  @Test
  void showsNoRenewalForWhatNobodyAsksFor() {
    try (var cache = world.builder().build()) {
      cache.fetch(world.token("a"));
      world.advance(Duration.ofHours(3).plusMinutes(10));
      world.advance(Duration.ofHours(3).plusMinutes(10));

      assertThat(only(cache).nextRenewal()).isEqualTo(Optional.empty());
    }
  }

  @Test
  void holdsNoSecret() {
    try (var cache = world.builder().build()) {
      var token = world.token("a");
      cache.fetch(token);

      assertThat(only(cache).toString()).doesNotContain(token.value()).doesNotContain("secret");
    }
  }

  private static CacheEntry only(CachingCredentialSource cache) {
    assertThat(cache.entries()).hasSize(1);
    return cache.entries().get(0);
  }
}
