package dev.podidentity.server.http;

import dev.podidentity.schedule.Ticker;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where request threads come from: virtual ones from JDK 24 on, else as many platform threads as
 * are busy.
 */
final class RequestExecutors {
  /**
   * Before JEP 491, a virtual thread that blocks inside {@code synchronized} pins its carrier. The
   * JDK's server reads requests so, and there are only as many carriers as processors: that many
   * requests of which the end is never sent would leave no thread for any other request.
   */
  private static final int FIRST_JDK_WITHOUT_PINNING = 24;

  /**
   * A virtual thread that took request after request would keep its carrier from those that have
   * one already: they take turns only once there are this many.
   */
  private static final int VIRTUAL_AT_ONCE = 512;

  private static final int PLATFORM_AT_ONCE = 64;
  private static final int IDLE_SECONDS = 10;

  /** Nothing that runs on these threads is deep; many may be blocked by slow clients. */
  private static final long STACK_BYTES = 512 * 1024;

  private RequestExecutors() {}

  static boolean hasVirtualThreads() {
    return Runtime.version().feature() >= FIRST_JDK_WITHOUT_PINNING;
  }

  static RequestExecutor create(ServerLimits limits) {
    int atOnce = hasVirtualThreads() ? VIRTUAL_AT_ONCE : PLATFORM_AT_ONCE;
    return new RequestExecutor(
        hasVirtualThreads() ? virtual() : platform(),
        timer(),
        Ticker.system(),
        Math.min(atOnce, limits.requests()),
        limits.requests(),
        limits.waiting());
  }

  private static ExecutorService virtual() {
    try {
      // By reflection, since this class is compiled for 17.
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no virtual threads", e);
    }
  }

  private static ExecutorService platform() {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        daemons("pod-identity-request"));
  }

  private static ScheduledThreadPoolExecutor timer() {
    var timer = new ScheduledThreadPoolExecutor(1, daemons("pod-identity-slow-clients"));
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      var thread = new Thread(null, task, name, STACK_BYTES);
      thread.setDaemon(true);
      return thread;
    };
  }
}
