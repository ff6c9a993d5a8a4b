package dev.podidentity.limit;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Something that was taken and must be given back. Closing gives it back; closing again does
 * nothing, so that everybody who may be the last one to hold it can close it. Thread-safe.
 */
public final class Permit implements AutoCloseable {
  private final AtomicReference<@Nullable Runnable> giveBack;

  private Permit(Runnable giveBack) {
    this.giveBack = new AtomicReference<>(giveBack);
  }

  /** A permit; {@code giveBack} runs once, on the thread that closes it. */
  public static Permit of(Runnable giveBack) {
    return new Permit(giveBack);
  }

  /** Whether it has not been given back. */
  public boolean isHeld() {
    return giveBack.get() != null;
  }

  /**
   * Has an executor run a task that needs this permit, and gives the permit back when the task has
   * ended. If the executor throws, the permit is given back at once. An executor that cannot start
   * a thread throws an {@link OutOfMemoryError}, so errors count as well.
   *
   * @param task does not run once the permit was given back
   */
  public void handOver(Executor executor, Runnable task) {
    boolean submitted = false;
    try {
      executor.execute(() -> run(task));
      submitted = true;
    } finally {
      if (!submitted) {
        close();
      }
    }
  }

  private void run(Runnable task) {
    try (this) {
      if (isHeld()) {
        task.run();
      }
    }
  }

  @Override
  public void close() {
    Runnable once = giveBack.getAndSet(null);
    if (once != null) {
      once.run();
    }
  }
}
