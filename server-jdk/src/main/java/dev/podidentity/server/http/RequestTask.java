package dev.podidentity.server.http;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request on its thread: read, answered, written. While it is read or written it can be ended
 * from outside; an interrupt closes the channel that the thread is blocked on. Thread-safe; takes
 * no lock.
 */
final class RequestTask implements Runnable {
  private static final ThreadLocal<@Nullable RequestTask> CURRENT = new ThreadLocal<>();

  private final Runnable request;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.OFF_THE_WIRE);

  /** What a request does. Each time on the wire is another phase: compared by its identity. */
  private static final class Phase {
    /** Not begun, being answered, or done. */
    static final Phase OFF_THE_WIRE = new Phase(null);

    /** It is about to be interrupted. */
    static final Phase ENDING = new Phase(null);

    /** It was interrupted. */
    static final Phase ENDED = new Phase(null);

    /** The thread that waits for the client; null while none does. */
    private final @Nullable Thread thread;

    private final long since = System.nanoTime();

    private Phase(@Nullable Thread thread) {
      this.thread = thread;
    }

    static Phase onTheWire() {
      return new Phase(Thread.currentThread());
    }
  }

  RequestTask(Runnable request) {
    this.request = request;
  }

  /** What is run. */
  Runnable request() {
    return request;
  }

  @Override
  public void run() {
    CURRENT.set(this);
    phase.set(Phase.onTheWire());
    try {
      request.run();
    } finally {
      CURRENT.remove();
      finish();
    }
  }

  // The thread goes on to another request: an interrupt that was meant for this one ends here.
  private void finish() {
    if (leavesWire()) {
      return;
    }
    while (phase.get() != Phase.ENDED) {
      Thread.onSpinWait();
    }
    Thread.interrupted();
  }

  /** Whether it can no longer be ended; false if it was. */
  private boolean leavesWire() {
    Phase current = requireNonNull(phase.get());
    return current == Phase.OFF_THE_WIRE
        || (current.thread != null && phase.compareAndSet(current, Phase.OFF_THE_WIRE));
  }

  /** The task that the server gave to this thread; null outside of a request. */
  static @Nullable Runnable current() {
    RequestTask task = CURRENT.get();
    return task == null ? null : task.request;
  }

  /** The request that this thread works on has been read: it may take its time now. */
  static void beginAnswer() {
    RequestTask task = CURRENT.get();
    if (task != null) {
      var unused = task.leavesWire();
    }
  }

  /** The answer is there, and has to be written. */
  static void endAnswer() {
    RequestTask task = CURRENT.get();
    if (task != null) {
      task.phase.compareAndSet(Phase.OFF_THE_WIRE, Phase.onTheWire());
    }
  }

  /** Whether its client has lost its connection. */
  boolean isEnding() {
    Phase current = phase.get();
    return current == Phase.ENDING || current == Phase.ENDED;
  }

  /** Whether it ends now: a client that took longer than this loses its connection. */
  boolean end(long now, long patienceNanos) {
    Phase current = requireNonNull(phase.get());
    Thread thread = current.thread;
    if (thread != null
        && now - current.since >= patienceNanos
        && phase.compareAndSet(current, Phase.ENDING)) {
      thread.interrupt();
      phase.set(Phase.ENDED);
      return true;
    }
    return current == Phase.ENDING || current == Phase.ENDED;
  }
}
