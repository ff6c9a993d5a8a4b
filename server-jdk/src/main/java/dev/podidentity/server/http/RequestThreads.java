package dev.podidentity.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that requests are read, answered and written on. A client that is slow to send or to
 * read holds one of them, and only as long as nobody else needs it: when all are taken, whoever has
 * been reading or writing longest loses its connection to the request that waits. Thread-safe.
 */
final class RequestThreads implements Executor, AutoCloseable {
  /** A request arrives in one segment or two; who takes longer than this may have to go. */
  static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final ExecutorService threads;
  private final ScheduledExecutorService timer;
  private final int maxRunning;
  private final int maxWaiting;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Set<RequestWork> running = new LinkedHashSet<>();

  @GuardedBy("lock")
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private boolean looks;

  /**
   * Threads for so many requests.
   *
   * @param threads starts a thread for each task, or gives it one that is idle
   * @param timer looks again, when nobody could be made to go at once
   * @param maxRunning how many requests have a thread
   * @param maxWaiting how many wait for one; connections past that are closed
   */
  RequestThreads(
      ExecutorService threads, ScheduledExecutorService timer, int maxRunning, int maxWaiting) {
    this.threads = threads;
    this.timer = timer;
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
  }

  /** How many requests have a thread at most. */
  int maxRunning() {
    return maxRunning;
  }

  @Override
  public void execute(Runnable request) {
    RequestWork work = null;
    synchronized (lock) {
      if (running.size() < maxRunning) {
        work = new RequestWork(request);
        running.add(work);
      } else if (waiting.size() < maxWaiting) {
        waiting.add(request);
        look();
      } else {
        throw new RejectedExecutionException("as many requests wait as may");
      }
    }
    if (work != null) {
      start(work);
    }
  }

  private void start(RequestWork first) {
    try {
      threads.execute(() -> runAll(first));
    } catch (RejectedExecutionException e) {
      synchronized (lock) {
        running.remove(first);
      }
      throw e;
    }
  }

  private void runAll(RequestWork first) {
    RequestWork work = first;
    while (work != null) {
      try {
        work.run();
      } finally {
        work = after(work);
      }
    }
  }

  private @Nullable RequestWork after(RequestWork done) {
    synchronized (lock) {
      running.remove(done);
      Runnable next = waiting.poll();
      if (next == null) {
        return null;
      }
      var work = new RequestWork(next);
      running.add(work);
      return work;
    }
  }

  // As many go as requests wait: each has the thread of one.
  private void makeRoom() {
    long now = System.nanoTime();
    synchronized (lock) {
      looks = false;
      int wanted = waiting.size();
      for (RequestWork work : running) {
        if (wanted > 0 && work.end(now, PATIENCE_NANOS)) {
          wanted--;
        }
      }
      if (wanted > 0) {
        look();
      }
    }
  }

  // Not at once: the thread that accepts connections has no time to look through all requests.
  @GuardedBy("lock")
  private void look() {
    if (looks) {
      return;
    }
    try {
      var unused = timer.schedule(this::makeRoom, LOOK_NANOS, TimeUnit.NANOSECONDS);
      looks = true;
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: nobody waits any more.
    }
  }

  int running() {
    synchronized (lock) {
      return running.size();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    timer.shutdownNow();
  }
}
