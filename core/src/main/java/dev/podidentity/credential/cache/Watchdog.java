package dev.podidentity.credential.cache;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second after what a lost thread or timer would leave undone. It has a thread of its
 * own, which is started with the cache: it needs neither the executor nor the scheduler. Closing
 * ends the thread.
 */
final class Watchdog {
  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Runnable look;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Starts looking; tests look when they want to. */
  @FunctionalInterface
  interface Starter {
    Watching start(Runnable look);
  }

  /** Looks until it is closed. */
  interface Watching extends AutoCloseable {
    @Override
    void close();
  }

  private Watchdog(Runnable look) {
    this.look = look;
  }

  static Watching start(Runnable look) {
    var watchdog = new Watchdog(look);
    var thread = new Thread(watchdog::run, "pod-identity-watchdog");
    thread.setDaemon(true);
    thread.start();
    return watchdog.closed::countDown;
  }

  private void run() {
    try {
      while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        lookOnce();
      }
    } catch (InterruptedException e) {
      // Nothing interrupts this thread but code that wants it to end.
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("CatchingUnchecked") // a shortage of memory must not end this thread, too
  private void lookOnce() {
    try {
      look.run();
    } catch (Throwable e) {
      log.atWarn().setCause(e).log("The cache could not be looked after; trying again in a second");
    }
  }
}
