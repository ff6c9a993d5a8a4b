package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On real threads, which are held and let go by latches. */
@Timeout(60)
@Tag("every-jdk")
class CacheConcurrencyTest {
  private static final int CLIENTS = 200;

  private final CacheFixture world = new CacheFixture();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private static void awaitUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void makesOneCallForClientsThatAllGiveUp() throws Exception {
    var upstreamEnds = new CountDownLatch(1);
    var calls = new AtomicInteger();
    try (var cache =
        CachingCredentialSource.builder(
                token -> {
                  calls.incrementAndGet();
                  await(upstreamEnds);
                  return world.source.fetch(token);
                })
            .clock(world.clock)
            .ticker(world.scheduler)
            .scheduler(world.scheduler)
            .executor(threads)
            .build()) {
      ServiceAccountToken token = world.token("a");
      var clients = new ArrayList<Thread>();
      for (int i = 0; i < CLIENTS; i++) {
        var client = new Thread(() -> fetchQuietly(cache, token));
        client.start();
        clients.add(client);
      }
      awaitUntil(() -> cache.state().waiters() == CLIENTS);
      world.advance(Duration.ofMillis(100));
      clients.forEach(Thread::interrupt);
      for (Thread client : clients) {
        client.join();
      }
      assertThat(cache.state().waiters()).isZero();
      world.advance(Duration.ofMillis(200));
      upstreamEnds.countDown();
      awaitUntil(() -> cache.state().fetches() == 0);

      assertThat(cache.request(token)).isCompleted();
      assertThat(calls).hasValue(1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void fetchQuietly(CachingCredentialSource cache, ServiceAccountToken token) {
    try {
      cache.fetch(token);
    } catch (CredentialException e) {
      assertThat(e.reason()).isEqualTo(FailureReason.CLOSED);
    }
  }

  @Test
  void answersManyFirstRequestsFromOneCall() throws Exception {
    var calls = new AtomicInteger();
    var upstreamEnds = new CountDownLatch(1);
    try (var cache =
        CachingCredentialSource.builder(
                token -> {
                  calls.incrementAndGet();
                  await(upstreamEnds);
                  return world.source.fetch(token);
                })
            .clock(world.clock)
            .ticker(world.scheduler)
            .scheduler(world.scheduler)
            .executor(threads)
            .build()) {
      ServiceAccountToken token = world.token("a");
      var together = new CyclicBarrier(CLIENTS);
      var clients = new ArrayList<Future<TemporaryCredentials>>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            threads.submit(
                () -> {
                  together.await();
                  return cache.fetch(token);
                }));
      }
      awaitUntil(() -> cache.state().waiters() == CLIENTS);
      upstreamEnds.countDown();

      TemporaryCredentials answer = clients.get(0).get();
      for (Future<TemporaryCredentials> client : clients) {
        assertThat(client.get()).isSameAs(answer);
      }
      assertThat(calls).hasValue(1);
    }
  }

  @Test
  void neverMixesPodsNorCallsTwiceAtOnceUnderLoad() throws Exception {
    world.source.startLingering();
    world.source.stopRecording();
    int pods = 20;
    List<List<ServiceAccountToken>> tokens = new ArrayList<>();
    for (int pod = 0; pod < pods; pod++) {
      var ofPod = new ArrayList<ServiceAccountToken>();
      for (int age = 0; age < 4; age++) {
        ofPod.add(TestTokens.of("pod-" + pod, CacheFixture.START.minusSeconds(age)));
      }
      ofPod.add(TestTokens.forged("pod-" + pod, "my-app", CacheFixture.START, 1));
      tokens.add(ofPod);
    }
    var settings =
        CacheSettings.builder()
            .maxEntries(10)
            .refusalMemory(Duration.ZERO)
            .waiterDeadline(Duration.ofSeconds(30))
            .build();
    try (var cache =
        CachingCredentialSource.builder(world.source)
            .clock(world.clock)
            .settings(settings)
            .verifier(world.verifier)
            .build()) {
      var workers = new ArrayList<Future<?>>();
      for (int worker = 0; worker < 8; worker++) {
        var random = new SplittableRandom(worker);
        workers.add(threads.submit(() -> ask(cache, tokens, random)));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
      assertThat(world.source.overlaps()).isZero();
      assertThat(cache.state().entries()).isLessThanOrEqualTo(10);
      assertThat(cache.state().fetches()).isZero();
    }
  }

  private static void ask(
      CachingCredentialSource cache,
      List<List<ServiceAccountToken>> tokens,
      SplittableRandom random) {
    for (int i = 0; i < 5_000; i++) {
      List<ServiceAccountToken> ofPod = tokens.get(random.nextInt(tokens.size()));
      ServiceAccountToken token = ofPod.get(random.nextInt(ofPod.size()));
      try {
        TemporaryCredentials credentials = cache.fetch(token);
        assertThat(TestTokens.isForged(token)).isFalse();
        assertThat(credentials.accessKeyId()).startsWith(TestTokens.uidOf(token) + "#");
      } catch (CredentialException e) {
        assertThat(TestTokens.isForged(token)).as("%s", e.reason()).isTrue();
      }
    }
  }

  @Test
  void leavesNobodyWaitingWhenItIsClosed() throws Exception {
    var upstreamEnds = new CountDownLatch(1);
    var cache =
        CachingCredentialSource.builder(
                token -> {
                  await(upstreamEnds);
                  return world.source.fetch(token);
                })
            .settings(CacheSettings.builder().waiterDeadline(Duration.ofHours(1)).build())
            .clock(world.clock)
            .build();
    var clients = new ArrayList<Future<?>>();
    for (int i = 0; i < 50; i++) {
      ServiceAccountToken token = world.token("pod-" + i);
      clients.add(threads.submit(() -> fetchQuietly(cache, token)));
    }
    awaitUntil(() -> cache.state().waiters() == 50);
    cache.close();
    for (Future<?> client : clients) {
      client.get();
    }
    upstreamEnds.countDown();
    awaitUntil(() -> cache.state().callsUnderWay() == 0);

    assertThat(cache.state().entries()).isZero();
  }

  @Test
  void isNotSlowedByAListenerThatHangs() {
    var listenerEnds = new CountDownLatch(1);
    var lost = new CompletableFuture<Long>();
    var hanging =
        new CacheListener() {
          @Override
          public void missed(ServiceAccountToken token) {
            CacheConcurrencyTest.await(listenerEnds);
            throw new IllegalStateException("and fails in the end");
          }

          @Override
          public void lost(long count) {
            lost.complete(count);
          }
        };
    try (var cache =
        CachingCredentialSource.builder(world.source)
            .clock(world.clock)
            .listener(hanging)
            .settings(
                CacheSettings.builder().maxEntries(0).waiterDeadline(Duration.ofHours(1)).build())
            .build()) {
      ServiceAccountToken token = world.token("a");
      for (int i = 0; i < ListenerDispatcher.CAPACITY; i++) {
        cache.fetch(token);
      }
      assertThat(cache.state().eventsLost()).isPositive();
      listenerEnds.countDown();

      assertThat(lost.join()).isPositive();
    }
  }
}
