package dev.podidentity.awssdk;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Time that only goes forward, and waiting for it to pass. Thread-safe. */
interface Ticker extends AutoCloseable {
  long nanos();

  /** Waits, and ends at once when this is closed. */
  void pause(Duration duration) throws InterruptedException;

  @Override
  void close();

  static Ticker system() {
    var closed = new CountDownLatch(1);
    return new Ticker() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void pause(Duration duration) throws InterruptedException {
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
