package dev.podidentity.schedule;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a part of the library that was given none. They are daemons: a library keeps no
 * JVM alive. Thread-safe.
 */
public final class OwnedThreads implements AutoCloseable {
  private final ThreadFactory factory;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final List<ExecutorService> executors = new ArrayList<>();

  /** Threads whose names start like this; the first is made when it is needed. */
  public OwnedThreads(String name) {
    var count = new AtomicInteger();
    factory =
        task -> {
          var thread = new Thread(task, name + "-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
  }

  /** An executor with a thread for each task that runs. */
  public Executor executor() {
    return own(Executors.newCachedThreadPool(factory));
  }

  /** A scheduler with one thread. */
  public Scheduler scheduler() {
    var executor = new ScheduledThreadPoolExecutor(1, factory);
    executor.setRemoveOnCancelPolicy(true);
    return Scheduler.of(own(executor));
  }

  private <E extends ExecutorService> E own(E executor) {
    synchronized (lock) {
      executors.add(executor);
    }
    return executor;
  }

  /**
   * Takes no more tasks; those under way end by themselves: an interrupt would look like failure.
   */
  @Override
  public void close() {
    synchronized (lock) {
      executors.forEach(ExecutorService::shutdown);
    }
  }
}
