package dev.podidentity.awssdk;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for time to pass. Thread-safe. */
interface Sleeper extends AutoCloseable {
  /**
   * Waits.
   *
   * @throws InterruptedException at once when this is closed, or the thread is interrupted
   */
  void sleep(Duration duration) throws InterruptedException;

  @Override
  void close();

  static Sleeper system() {
    var closed = new CountDownLatch(1);
    return new Sleeper() {
      @Override
      public void sleep(Duration duration) throws InterruptedException {
        if (closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new InterruptedException("closed");
        }
      }

      @Override
      public void close() {
        closed.countDown();
      }
    };
  }
}
