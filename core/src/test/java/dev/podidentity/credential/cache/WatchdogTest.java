package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads and timers that were lost without anybody being told. */
@Timeout(60)
class WatchdogTest {
  private static final Duration BUDGET = CacheSettings.defaults().fetchBudget();
  private static final CacheSettings TWO_CALLS =
      CacheSettings.builder().maxConcurrentCalls(2).renewalsPerSecond(100).build();

  private final CacheFixture world = new CacheFixture();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void close() {
    end.countDown();
    threads.shutdownNow();
  }

  @Test
  void endsFetchesWhoseTaskTheExecutorHasLost() {
    Deque<Runnable> lost = new ArrayDeque<>();
    try (var cache = world.builder(lost::add).settings(TWO_CALLS).build()) {
      List<CompletableFuture<Issuance>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        answers.add(cache.request(world.token("lost-" + i)));
      }
      world.advance(BUDGET);
      assertThat(cache.state().overdue()).isEqualTo(40);

      world.look();

      assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompletedExceptionally());
      assertThat(cache.state())
          .returns(0, CacheState::fetches)
          .returns(0, CacheState::waiters)
          .returns(0, CacheState::callsQueued)
          .returns(0, CacheState::callsUnderWay)
          .returns(1, CacheState::overdue);
    }
  }

  @Test
  void answersAgainOnceTheExecutorRunsTasks() {
    var losing = new AtomicInteger(2);
    try (var cache =
        world
            .builder(
                task -> {
                  if (losing.getAndDecrement() <= 0) {
                    task.run();
                  }
                })
            .settings(TWO_CALLS)
            .listener(CacheListener.NONE)
            .build()) {
      for (int i = 0; i < 40; i++) {
        ask(cache, world.token("pod-" + i));
      }
      world.advance(BUDGET);
      world.look();

      assertThat(cache.fetch(world.token("pod-0"))).isNotNull();
      world.advance(BUDGET);
      assertThat(cache.state()).returns(0, CacheState::overdue).returns(0, CacheState::fetches);
    }
  }

  @Test
  void tellsClientsWhoseFetchItEndsToTryAgain() {
    try (var cache =
        world
            .builder(task -> {})
            .settings(CacheSettings.builder().waiterDeadline(Duration.ofHours(1)).build())
            .build()) {
      CompletableFuture<Issuance> answer = cache.request(world.token("pod"));
      world.advance(BUDGET);
      world.look();
      assertThatThrownBy(answer::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              CredentialException.class,
              failure -> assertThat(failure.reason()).isEqualTo(FailureReason.TIMED_OUT))
          .hasMessageContaining("within 30 s: try again");
    }
  }

  @Test
  void leavesFetchesAloneThatGoOn() {
    Deque<Runnable> tasks = new ArrayDeque<>();
    try (var cache = world.builder(tasks::add).listener(CacheListener.NONE).build()) {
      ServiceAccountToken token = world.token("pod");
      ask(cache, token);
      world.advance(BUDGET.minusMillis(1));
      world.look();
      tasks.remove().run();
      assertThat(cache.fetch(token)).isNotNull();
      assertThat(cache.state().overdue()).isZero();
    }
  }

  @Test
  void hasOthersTakeThePlaceOfCallsThatHang() {
    var hanging = new AtomicInteger(2);
    try (var cache =
        world
            .builder(
                token -> {
                  if (hanging.getAndDecrement() > 0) {
                    await(end);
                  }
                  return world.source.fetch(token);
                },
                threads)
            .settings(TWO_CALLS)
            .listener(CacheListener.NONE)
            .build()) {
      ask(cache, world.token("hangs-1"));
      ask(cache, world.token("hangs-2"));
      awaitUntil(() -> hanging.get() == 0);
      world.advance(BUDGET);
      world.look();

      assertThat(cache.fetch(world.token("pod"))).isNotNull();
      assertThat(cache.state().overdue()).as("not ready while they hang").isEqualTo(2);

      end.countDown();
      world.advance(BUDGET);
      awaitUntil(() -> cache.state().overdue() == 0);
    }
  }

  @Test
  void hasNoMoreCallsHangThanMayBeMadeAtOnce() {
    var calls = new AtomicInteger();
    try (var cache =
        world
            .builder(
                token -> {
                  calls.incrementAndGet();
                  await(end);
                  return world.source.fetch(token);
                },
                threads)
            .settings(TWO_CALLS)
            .listener(CacheListener.NONE)
            .build()) {
      for (int i = 0; i < 10; i++) {
        ask(cache, world.token("hangs-" + i));
      }
      awaitUntil(() -> calls.get() == 2);
      for (int round = 0; round < 5; round++) {
        world.advance(BUDGET);
        world.look();
        for (int i = 0; i < 4; i++) {
          ask(cache, world.token("round-" + round + "-" + i));
        }
        awaitUntil(() -> calls.get() == 4);
      }
      assertThat(calls).hasValue(4);
    }
  }

  @Test
  void renewsAgainWhatWasLostInARenewal() {
    var losing = new AtomicInteger();
    try (var cache =
        world
            .builder(
                task -> {
                  if (losing.getAndDecrement() <= 0) {
                    task.run();
                  }
                })
            .listener(CacheListener.NONE)
            .build()) {
      ServiceAccountToken token = world.token("pod");
      cache.fetch(token);
      losing.set(1);
      world.advance(Duration.ofMinutes(190));
      assertThat(losing).hasValue(0);
      world.look();
      world.advance(Duration.ofMinutes(3));

      assertThat(cache.fetch(token).expiration())
          .isAfter(CacheFixture.START.plus(FakeSource.LIFETIME));
    }
  }

  @Test
  void tellsEventsWhoseTaskWasLost() {
    var losing = new AtomicInteger(1);
    try (var cache =
        world
            .builder(
                task -> {
                  if (losing.getAndDecrement() <= 0) {
                    task.run();
                  }
                })
            .build()) {
      ask(cache, world.token("pod"));
      assertThat(world.listener.events()).isEmpty();
      world.advance(ListenerDispatcher.MAX_DELAY);
      assertThat(cache.state().eventDelay()).isEqualTo(ListenerDispatcher.MAX_DELAY);

      world.look();

      assertThat(world.listener.events()).isNotEmpty();
      assertThat(cache.state().eventDelay()).isZero();
    }
  }

  @Test
  void tellsHitsWhoseTimerWasLost() {
    var hits = new AtomicInteger();
    try (var cache =
        world
            .builder()
            .scheduler((task, delay) -> () -> {})
            .listener(
                new CacheListener() {
                  @Override
                  public void hits(long count) {
                    hits.addAndGet((int) count);
                  }
                })
            .build()) {
      ServiceAccountToken token = world.token("pod");
      cache.fetch(token);
      cache.fetch(token);
      world.advance(ListenerDispatcher.MAX_DELAY);
      world.look();
      assertThat(hits).hasValue(1);
    }
  }

  @Test
  void saysForHowLongAListenerHangs() {
    var told = new CountDownLatch(1);
    try (var cache =
        world
            .builder(threads)
            .listener(
                new CacheListener() {
                  @Override
                  public void missed(ServiceAccountToken token) {
                    told.countDown();
                    await(end);
                  }
                })
            .build()) {
      ask(cache, world.token("pod"));
      await(told);
      world.advance(Duration.ofSeconds(40));
      world.look();
      assertThat(cache.state().eventDelay()).isEqualTo(Duration.ofSeconds(40));
    }
  }

  @Test
  void looksByItselfOnAThreadThatTheCacheStarts() throws InterruptedException {
    var looked = new CountDownLatch(2);
    var errors = new AtomicInteger(1);
    var watchdog =
        Watchdog.start(
            () -> {
              looked.countDown();
              if (errors.getAndDecrement() > 0) {
                throw new OutOfMemoryError("for a test");
              }
            });
    assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
    watchdog.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private static void ask(CachingCredentialSource cache, ServiceAccountToken token) {
    var unused = cache.request(token);
  }
}
