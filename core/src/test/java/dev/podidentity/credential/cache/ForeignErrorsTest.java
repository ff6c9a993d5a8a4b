package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Errors out of what others wrote, as an executor throws them that cannot start a thread: nothing
 * that the cache took for it stays taken.
 */
@Timeout(60)
class ForeignErrorsTest {
  private static final int CLIENTS = 8;
  private static final int PODS = 40;
  private static final int CALLS = 4;
  private static final int QUEUED = 64;

  private enum Place {
    SOURCE,
    VERIFIER,
    LISTENER,
    PRESENCE,
    EXECUTOR,
    SCHEDULER
  }

  private final CacheFixture world = new CacheFixture();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger errorsLeft = new AtomicInteger();
  private final AtomicInteger told = new AtomicInteger();
  private final Semaphore answers = new Semaphore(0);
  private volatile boolean holdingBack;
  private volatile @Nullable Place broken;
  private final CachingCredentialSource cache = cache();

  private CachingCredentialSource cache() {
    return CachingCredentialSource.builder(
            token -> {
              fail(Place.SOURCE);
              if (holdingBack) {
                answers.acquireUninterruptibly();
              }
              return world.source.fetch(token);
            })
        .settings(
            CacheSettings.builder()
                .maxConcurrentCalls(CALLS)
                .maxQueuedCalls(QUEUED)
                .renewalsPerSecond(100)
                .build())
        .clock(world.clock)
        .ticker(world.scheduler)
        .scheduler(
            (task, delay) -> {
              fail(Place.SCHEDULER);
              return world.scheduler.schedule(task, delay);
            })
        .executor(
            task -> {
              fail(Place.EXECUTOR);
              threads.execute(task);
            })
        .verifier(
            token -> {
              fail(Place.VERIFIER);
              world.verifier.verify(token);
            })
        .presence(
            (namespace, pod) -> {
              fail(Place.PRESENCE);
              return true;
            })
        .listener(
            new CacheListener() {
              @Override
              public void missed(ServiceAccountToken token) {
                fail(Place.LISTENER);
                told.incrementAndGet();
              }
            })
        .watchdog(world::watch)
        .build();
  }

  private void fail(Place place) {
    if (place == broken && errorsLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new OutOfMemoryError("unable to create native thread: for a test");
    }
  }

  static Stream<Arguments> errors() {
    return Stream.of(Place.values())
        .flatMap(place -> Stream.of(1, 40).map(times -> Arguments.of(place, times)));
  }

  @AfterEach
  void close() {
    answers.release(1000);
    cache.close();
    threads.shutdownNow();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void leaveNothingTakenByRequests(Place place, int times) throws Exception {
    for (int i = 0; i < PODS; i++) {
      cache.fetch(world.token("pod-" + i));
    }
    world.advance(Duration.ofSeconds(1));

    breakAt(place, times);
    List<Future<?>> clients = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      int number = client;
      clients.add(threads.submit(() -> askUntilNothingFails(number)));
    }
    for (Future<?> client : clients) {
      client.get();
    }

    assertThat(errorsLeft)
        .as("errors that were not thrown")
        .hasValue(place == Place.PRESENCE ? times : 0);
    assertThatNothingIsTaken();
  }

  /** New pods, and new tokens of those that have credentials. */
  private void askUntilNothingFails(int client) {
    var address = ClientKey.at(IpLiteral.parse("192.0.2." + client).orElseThrow());
    for (int i = client; i < PODS || (i < 10_000 && errorsLeft.get() > 0); i += CLIENTS) {
      ask(TestTokens.of("new-" + i, CacheFixture.START), address);
      ask(TestTokens.of("pod-" + i % PODS, CacheFixture.START.minusSeconds(1 + i)), address);
      if (broken == Place.PRESENCE && i >= PODS) {
        return;
      }
    }
  }

  private void ask(ServiceAccountToken token, ClientKey client) {
    try {
      assertThat(cache.fetch(token, client).credentials().accessKeyId())
          .startsWith(TestTokens.uidOf(token) + "#");
    } catch (CredentialException e) {
      assertThat(e.reason()).isIn(FailureReason.UNEXPECTED, FailureReason.OVERLOADED);
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void leaveNothingTakenByRenewals(Place place, int times) throws Exception {
    for (int i = 0; i < PODS; i++) {
      cache.fetch(world.token("pod-" + i));
    }
    List<ServiceAccountToken> tokens =
        Stream.iterate(0, i -> i < PODS, i -> i + 1)
            .map(i -> TestTokens.of("pod-" + i, CacheFixture.START))
            .toList();
    world.advance(Duration.ofMinutes(170));
    assertThat(cache.state().entries()).isEqualTo(PODS);

    breakAt(place, times);
    for (int minute = 0; minute < 90; minute++) {
      world.advance(Duration.ofMinutes(1));
      awaitUntil(() -> cache.state().fetches() == 0);
      tokens.forEach(token -> ask(token, ClientKey.AGENT));
    }

    assertThat(tokens)
        .as("renewed in the end")
        .allSatisfy(
            token ->
                assertThat(cache.fetch(token).expiration())
                    .isAfter(CacheFixture.START.plus(FakeSource.LIFETIME)));
    assertThatNothingIsTaken();
  }

  private void breakAt(Place place, int times) {
    broken = place;
    errorsLeft.set(times);
  }

  private static void awaitUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private void assertThatNothingIsTaken() throws Exception {
    errorsLeft.set(0);
    awaitUntil(() -> cache.state().callsUnderWay() == 0);
    assertThat(cache.state())
        .returns(0, CacheState::fetches)
        .returns(0, CacheState::waiters)
        .returns(0, CacheState::callsQueued)
        .returns(0, CacheState::renewalsDue);
    assertThatAllCallsCanBeMade();
    assertThatAllTokensCanBeVerified();
    assertThatEventsAreTold();
  }

  private void assertThatAllCallsCanBeMade() throws Exception {
    holdingBack = true;
    List<Future<?>> clients = new ArrayList<>();
    for (int i = 0; i < CALLS + QUEUED; i++) {
      ServiceAccountToken token = world.token("held-back-" + i);
      clients.add(threads.submit(() -> cache.fetch(token)));
    }
    awaitUntil(() -> cache.state().fetches() == CALLS + QUEUED);
    awaitUntil(() -> cache.state().callsQueued() == QUEUED);
    assertThat(cache.state().callsUnderWay()).isEqualTo(CALLS);
    holdingBack = false;
    answers.release(CALLS);
    for (Future<?> client : clients) {
      client.get();
    }
  }

  // While all calls are taken, none of these can be answered but by verifying its token.
  private void assertThatAllTokensCanBeVerified() throws Exception {
    ServiceAccountToken known = world.token("verified");
    var first = cache.fetch(known);
    awaitUntil(() -> cache.state().callsUnderWay() == 0);
    holdingBack = true;
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      ServiceAccountToken token = world.token("blocking-" + i);
      calls.add(threads.submit(() -> cache.fetch(token)));
    }
    awaitUntil(() -> cache.state().callsUnderWay() == CALLS);
    for (int i = 0; i < 2 * CALLS; i++) {
      var rotated = TestTokens.of("verified", CacheFixture.START.minusSeconds(100 + i));
      assertThat(cache.fetch(rotated)).isSameAs(first);
    }
    holdingBack = false;
    answers.release(CALLS);
    for (Future<?> call : calls) {
      call.get();
    }
  }

  private void assertThatEventsAreTold() throws InterruptedException {
    var all = new CountDownLatch(1);
    int before = told.get();
    cache.fetch(world.token("told"));
    threads.execute(
        () -> {
          awaitUntil(() -> told.get() > before);
          all.countDown();
        });
    assertThat(all.await(30, TimeUnit.SECONDS)).as("events are told").isTrue();
  }
}
