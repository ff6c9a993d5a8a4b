package dev.podidentity.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the requests that are being answered, so that a server can let them finish ({@code
 * HttpServer.stop} with a delay would sleep it out even when nothing is to be waited for), and so
 * that no single address has all threads wait for its answers.
 */
final class InFlight {
  /** What becomes of a request. */
  enum Entrance {
    ADMITTED,
    CROWDED,
    CLOSED
  }

  private final int maxOfAddress;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();

  @GuardedBy("lock")
  private final Map<InetAddress, Integer> byAddress = new HashMap<>();

  @GuardedBy("lock")
  private int count;

  @GuardedBy("lock")
  private boolean closed;

  InFlight(int maxOfAddress) {
    this.maxOfAddress = maxOfAddress;
  }

  /** Whether one more request may be answered; if it is admitted, {@link #leave} must follow. */
  Entrance enter(InetAddress client) {
    lock.lock();
    try {
      if (closed) {
        return Entrance.CLOSED;
      }
      if (byAddress.getOrDefault(client, 0) >= maxOfAddress) {
        return Entrance.CROWDED;
      }
      byAddress.merge(client, 1, Integer::sum);
      count++;
      return Entrance.ADMITTED;
    } finally {
      lock.unlock();
    }
  }

  void leave(InetAddress client) {
    lock.lock();
    try {
      byAddress.computeIfPresent(client, (address, held) -> held == 1 ? null : held - 1);
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
