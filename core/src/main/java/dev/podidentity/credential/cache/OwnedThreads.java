package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a cache that was given none. They are daemons: a library keeps no JVM alive. */
final class OwnedThreads {
  private static final ThreadFactory FACTORY =
      new ThreadFactory() {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public Thread newThread(Runnable task) {
          var thread = new Thread(task, "pod-identity-cache-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        }
      };

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final List<ExecutorService> executors = new ArrayList<>();

  Executor executor() {
    return own(Executors.newCachedThreadPool(FACTORY));
  }

  Scheduler scheduler() {
    var executor = new ScheduledThreadPoolExecutor(1, FACTORY);
    executor.setRemoveOnCancelPolicy(true);
    return Scheduler.of(own(executor));
  }

  private <E extends ExecutorService> E own(E executor) {
    synchronized (lock) {
      executors.add(executor);
    }
    return executor;
  }

  // Calls under way are left to end: an interrupt would look like a failure of theirs.
  void close() {
    synchronized (lock) {
      executors.forEach(ExecutorService::shutdown);
    }
  }
}
