package dev.podidentity.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * One request on its thread: read, answered, written. While it is read or written it can be ended
 * from outside; an interrupt closes the channel that the thread is blocked on. Thread-safe.
 */
final class RequestWork implements Runnable {
  private enum Phase {
    NOT_STARTED,
    ON_THE_WIRE,
    ANSWERED,
    ENDING,
    DONE
  }

  private static final ThreadLocal<@Nullable RequestWork> CURRENT = new ThreadLocal<>();

  private final Runnable request;

  @GuardedBy("this")
  private Phase phase = Phase.NOT_STARTED;

  @GuardedBy("this")
  private long since;

  @GuardedBy("this")
  private @Nullable Thread thread;

  RequestWork(Runnable request) {
    this.request = request;
  }

  /** What is run. */
  Runnable request() {
    return request;
  }

  @Override
  public void run() {
    CURRENT.set(this);
    begin();
    try {
      request.run();
    } finally {
      CURRENT.remove();
      finish();
    }
  }

  private synchronized void begin() {
    thread = Thread.currentThread();
    since = System.nanoTime();
    phase = Phase.ON_THE_WIRE;
  }

  // The thread goes on to another request: an interrupt that was meant for this one ends here.
  private synchronized void finish() {
    thread = null;
    if (phase == Phase.ENDING) {
      Thread.interrupted();
    }
    phase = Phase.DONE;
  }

  /** The request that this thread works on has been read: it may take its time now. */
  static void beginAnswer() {
    RequestWork work = CURRENT.get();
    if (work != null) {
      work.leaveWire();
    }
  }

  /** The answer is there, and has to be written. */
  static void endAnswer() {
    RequestWork work = CURRENT.get();
    if (work != null) {
      work.returnToWire();
    }
  }

  private synchronized void leaveWire() {
    if (phase != Phase.ENDING) {
      phase = Phase.ANSWERED;
    }
  }

  private synchronized void returnToWire() {
    if (phase != Phase.ENDING) {
      phase = Phase.ON_THE_WIRE;
      since = System.nanoTime();
    }
  }

  /** Whether it ends now: a client that has had it for itself this long loses its connection. */
  synchronized boolean end(long now, long patienceNanos) {
    if (phase == Phase.ON_THE_WIRE && now - since >= patienceNanos && thread != null) {
      phase = Phase.ENDING;
      thread.interrupt();
    }
    return phase == Phase.ENDING;
  }
}
