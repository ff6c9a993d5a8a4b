package dev.podidentity.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.limit.ClientSemaphore;
import dev.podidentity.limit.Permit;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Admits requests, so that no single address has all threads wait for its answers, and counts those
 * that are being answered, so that a server can let them finish: {@code HttpServer.stop} with a
 * delay would sleep it out even when nothing is to be waited for. Takes no lock before {@link
 * #drain}. Thread-safe.
 */
final class Admissions {
  private final ClientSemaphore<ClientKey> requests;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Condition idle = lock.newCondition();

  private volatile boolean closed;

  /**
   * Admits requests until drained.
   *
   * @param max how many there can be at once
   * @param maxOfAddress how many of one address
   */
  Admissions(int max, int maxOfAddress) {
    this.requests = new ClientSemaphore<>(max, maxOfAddress, ClientKey.AGENT);
  }

  /** Whether one more request is answered; if it is admitted, it has to be closed. */
  Admission enter(ClientKey client) {
    Permit permit = closed ? null : requests.tryAcquire(client);
    if (permit == null) {
      return closed ? Admission.CLOSED : Admission.CROWDED;
    }
    var admitted = new Admission(Admission.Outcome.ADMITTED, Permit.of(() -> leave(permit)));
    // Counted first: whoever drains either sees this request, or is seen by it.
    if (closed) {
      admitted.close();
      return Admission.CLOSED;
    }
    return admitted;
  }

  private void leave(Permit permit) {
    permit.close();
    if (closed) {
      signalIdle();
    }
  }

  private void signalIdle() {
    lock.lock();
    try {
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops admission and drains; an interrupt ends the wait. */
  void drain(Duration atMost) {
    closed = true;
    lock.lock();
    try {
      long nanos = atMost.toNanos();
      while (requests.taken() > 0 && nanos > 0) {
        nanos = idle.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
