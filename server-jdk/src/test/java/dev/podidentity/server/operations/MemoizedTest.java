package dev.podidentity.server.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MemoizedTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  private <T> Memoized<T> memoized(Supplier<T> supplier) {
    return new Memoized<>(supplier, Duration.ofSeconds(1), nanos::get);
  }

  /** One whose call has begun when {@code running} is open, and ends when {@code release} is. */
  private Memoized<Integer> thatWaits() {
    return memoized(
        () -> {
          running.countDown();
          await(release);
          return calls.incrementAndGet();
        });
  }

  /** A virtual thread that waits for a monitor keeps its carrier, before JDK 24. */
  @Test
  void keepsNoneWaitingForAMonitor() throws Exception {
    Memoized<Integer> memoized = thatWaits();
    var first = onAThread(memoized);
    running.await();
    var second = new Thread(memoized::get);
    second.start();
    while (second.getState() == Thread.State.NEW || second.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }

    assertThat(second.getState()).isEqualTo(Thread.State.WAITING);
    release.countDown();
    second.join();
    assertThat(first.get()).isEqualTo(1);
  }

  @Test
  void answersAllThatAskMeanwhileWithOneCall() throws Exception {
    Memoized<Integer> memoized = thatWaits();
    var answers = new ArrayList<CompletableFuture<Integer>>();
    answers.add(onAThread(memoized));
    running.await();
    for (int i = 0; i < 20; i++) {
      answers.add(onAThread(memoized));
    }
    release.countDown();

    for (CompletableFuture<Integer> answer : answers) {
      assertThat(answer.get()).isEqualTo(1);
    }
  }

  @Test
  void countsTheAgeFromTheEndOfACall() {
    Memoized<Integer> memoized =
        memoized(
            () -> {
              nanos.addAndGet(Duration.ofSeconds(3).toNanos());
              return calls.incrementAndGet();
            });

    assertThat(memoized.get()).isEqualTo(1);
    assertThat(memoized.get()).isEqualTo(1);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(memoized.get()).isEqualTo(2);
  }

  @Test
  void callsAgainAfterAFailure() {
    Memoized<Integer> memoized =
        memoized(
            () -> {
              if (calls.incrementAndGet() == 1) {
                throw new StackOverflowError("once");
              }
              return calls.get();
            });

    assertThatThrownBy(memoized::get).hasCauseInstanceOf(StackOverflowError.class);
    assertThat(memoized.get()).isEqualTo(2);
  }

  private static CompletableFuture<Integer> onAThread(Memoized<Integer> memoized) {
    return CompletableFuture.supplyAsync(memoized, task -> new Thread(task).start());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
