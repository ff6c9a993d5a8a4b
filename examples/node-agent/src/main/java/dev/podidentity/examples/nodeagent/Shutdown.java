package dev.podidentity.examples.nodeagent;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a command live until the process is told to stop (SIGTERM, SIGINT), then lets it close what
 * it has opened, and exits with 0. Open it first, so that it is closed last.
 */
final class Shutdown implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  /** Waits until the process is told to stop. */
  void await() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::finish, "shutdown"));
    asked.await();
  }

  @Override
  public void close() {
    finished.countDown();
  }

  // A JVM that a signal ends exits with 143, unless a hook halts it with another code.
  private void finish() {
    asked.countDown();
    try {
      finished.await();
      Runtime.getRuntime().halt(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
