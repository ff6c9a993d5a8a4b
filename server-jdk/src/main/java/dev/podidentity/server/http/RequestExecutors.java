package dev.podidentity.server.http;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that requests are read and answered on. The JDK's server reads a request's headers on
 * them too, so a slow client occupies one: virtual threads where the JDK has them, else a pool that
 * is larger than the work itself would need.
 */
final class RequestExecutors {
  private static final int POOL_SIZE = 128;
  private static final int QUEUE_SIZE = 1024;
  private static final int IDLE_SECONDS = 10;

  private RequestExecutors() {}

  static ExecutorService create() {
    try {
      // JDK 21 and later; this class is compiled for 17.
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      return pool();
    }
  }

  private static ThreadPoolExecutor pool() {
    var pool =
        new ThreadPoolExecutor(
            POOL_SIZE,
            POOL_SIZE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE_SIZE),
            task -> {
              var thread = new Thread(task, "pod-identity-request");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
