package dev.podidentity.server.local;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Asks again and again, for a minute at most, and leaves the processor to others. */
final class Until {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int PAUSE_MILLIS = 10;

  private Until() {}

  /** The first answer that is as it is wanted. */
  static <T> T answer(Supplier<T> question, Predicate<T> wanted) {
    var never = new CountDownLatch(1);
    long end = System.nanoTime() + PATIENCE.toNanos();
    T answer = question.get();
    while (!wanted.test(answer)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("After " + PATIENCE + " the answer is still " + answer);
      }
      try {
        var unused = never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      answer = question.get();
    }
    return answer;
  }
}
