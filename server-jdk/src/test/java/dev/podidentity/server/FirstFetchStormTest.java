package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node whose pods all start at once, and an agent that has nothing yet. */
@Timeout(120)
@Tag("every-jdk")
class FirstFetchStormTest {
  private static final CacheSettings SETTINGS =
      CacheSettings.builder().waiterDeadline(Duration.ofMinutes(1)).build();
  private static final int CAPACITY = SETTINGS.maxConcurrentCalls() + SETTINGS.maxQueuedCalls();

  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch upstream = new CountDownLatch(1);

  @Test
  void makesOneCallForEachPodOfAFullNode() throws Exception {
    try (var world = new World()) {
      var storm = PodStorm.begin(world.agent.ipv4(), world.tokens(250));
      world.awaitThat(() -> world.cache.state().fetches() == 250);

      upstream.countDown();

      assertThat(storm.answers()).allMatch(PodStorm.Answer::isCredentials);
      assertThat(calls).hasValue(250);
    }
  }

  @Test
  void refusesWhatIsPastItsCapacityWithoutWaitingForAnything() throws Exception {
    int pods = CAPACITY + 300;
    try (var world = new World()) {
      var storm = PodStorm.begin(world.agent.ipv4(), world.tokens(pods));
      // Upstream has answered nobody: whoever has an answer now did not wait for it.
      world.awaitThat(() -> storm.answered() == pods - CAPACITY);
      assertThat(world.cache.state().waiters()).isEqualTo(CAPACITY);

      upstream.countDown();

      var refused = storm.answers().stream().filter(answer -> !answer.isCredentials()).toList();
      assertThat(refused)
          .hasSize(pods - CAPACITY)
          .allSatisfy(
              answer -> {
                assertThat(answer.response().status()).isEqualTo(503);
                assertThat(answer.response().headers()).containsEntry("retry-after", "1");
                assertThat(answer.response().body()).contains("AgentOverloadedException");
              });
      assertThat(calls).hasValue(CAPACITY);
    }
  }

  @Test
  void answersEveryPodWithinAFewTriesAndACallEach() throws Exception {
    upstream.countDown();
    int pods = 2 * CAPACITY;
    try (var world = new World()) {
      List<String> left = world.tokens(pods);
      for (int tries = 0; tries < 20 && !left.isEmpty(); tries++) {
        left =
            PodStorm.begin(world.agent.ipv4(), left).answers().stream()
                .filter(answer -> !answer.isCredentials())
                .map(PodStorm.Answer::token)
                .toList();
      }

      assertThat(left).isEmpty();
      assertThat(calls).hasValue(pods);
    }
  }

  private final class World implements AutoCloseable {
    private final List<CachingCredentialSource> caches = new ArrayList<>();
    private final AgentFixture agent =
        AgentFixture.of(
            cluster -> {
              caches.add(
                  CachingCredentialSource.builder(counted(cluster.credentials()))
                      .settings(SETTINGS)
                      .build());
              return caches.get(0);
            },
            null);
    private final CachingCredentialSource cache = caches.get(0);

    private World() throws ListenException {}

    private CredentialSource counted(CredentialSource source) {
      return token -> {
        calls.incrementAndGet();
        try {
          upstream.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        return source.fetch(token);
      };
    }

    private List<String> tokens(int pods) {
      var tokens = new ArrayList<String>();
      for (int i = 0; i < pods; i++) {
        tokens.add(agent.token());
      }
      return tokens;
    }

    private void awaitThat(BooleanSupplier condition) throws InterruptedException {
      var never = new CountDownLatch(1);
      for (int i = 0; i < 6_000 && !condition.getAsBoolean(); i++) {
        var unused = never.await(10, TimeUnit.MILLISECONDS);
      }
      assertThat(condition.getAsBoolean()).isTrue();
    }

    @Override
    public void close() {
      agent.close();
      cache.close();
    }
  }
}
