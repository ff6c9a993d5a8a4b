package dev.podidentity.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the requests that are being answered, so that a server can let them finish. {@code
 * HttpServer.stop} with a delay would sleep it out even when nothing is to be waited for.
 */
final class InFlight {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();

  @GuardedBy("lock")
  private int count;

  @GuardedBy("lock")
  private boolean closed;

  /** Whether one more request may be answered; if so, {@link #leave} must follow. */
  boolean enter() {
    lock.lock();
    try {
      if (!closed) {
        count++;
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      if (--count == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody in any more, and waits for those inside; an interrupt ends the wait. */
  void drain(Duration atMost) {
    lock.lock();
    try {
      closed = true;
      long nanos = atMost.toNanos();
      while (count > 0 && nanos > 0) {
        nanos = idle.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
