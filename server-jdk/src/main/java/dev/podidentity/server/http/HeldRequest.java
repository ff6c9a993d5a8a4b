package dev.podidentity.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.limit.Permit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A request whose answer is not there yet. It waits without a thread; where as many do so as may,
 * it keeps the one that it has. Runs one task: what remains to be done once the answer has come.
 * Thread-safe.
 */
final class HeldRequest implements Executor {
  private final RequestExecutor threads;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private @Nullable Permit place;

  @GuardedBy("lock")
  private @Nullable Runnable rest;

  HeldRequest(RequestExecutor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    Permit taken;
    synchronized (lock) {
      taken = place;
      if (taken == null) {
        rest = task;
        lock.notifyAll();
        return;
      }
    }
    threads.resume(() -> answerOn(task));
    taken.close();
  }

  // The request has been read: it may take its time now.
  private static void answerOn(Runnable task) {
    RequestTask.beginAnswer();
    task.run();
  }

  /** Whether this thread may go, and what remains is run on another one. */
  boolean letGo() {
    Permit free = threads.hold();
    if (free == null) {
      return false;
    }
    synchronized (lock) {
      if (rest == null) {
        place = free;
        return true;
      }
    }
    free.close();
    return false;
  }

  /** Waits on this thread, and runs what remains. */
  void await(CompletableFuture<?> end) throws InterruptedException {
    if (end.isDone()) {
      return;
    }
    Runnable task;
    synchronized (lock) {
      while (rest == null) {
        lock.wait();
      }
      task = rest;
    }
    task.run();
  }
}
