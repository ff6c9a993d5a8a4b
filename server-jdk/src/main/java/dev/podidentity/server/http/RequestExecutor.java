package dev.podidentity.server.http;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.limit.Permit;
import dev.podidentity.schedule.Ticker;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that requests are read, answered and written on. Slow connections are dropped when
 * others need the thread: those first that have been read or written longest.
 *
 * <p>A few threads are enough for requests that are answered at once. More are started, and slow
 * clients ended, a batch at a time: a thousand threads that wake in the same moment keep the
 * processors from everything else. Thread-safe.
 */
final class RequestExecutor implements Executor, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RequestExecutor.class);

  /** A request arrives in one segment or two; who takes longer than this may have to go. */
  static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How many threads are started, or clients ended, at a time. */
  static final int BATCH = 64;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final ExecutorService threads;
  private final ScheduledExecutorService timer;
  private final Ticker ticker;
  private final int atOnce;
  private final int maxRunning;
  private final int maxWaiting;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Set<RequestTask> running = new LinkedHashSet<>();

  @GuardedBy("lock")
  private final WaitingRequests waiting = new WaitingRequests();

  /** Requests that wait for their answer without a thread. */
  @GuardedBy("lock")
  private int held;

  @GuardedBy("lock")
  private boolean looks;

  @GuardedBy("lock")
  private long begun;

  @GuardedBy("lock")
  private long dropped;

  private volatile boolean outOfThreads;

  /**
   * Threads for so many requests.
   *
   * @param threads starts a thread for each task, or gives it one that is idle
   * @param timer looks after those that wait
   * @param ticker measures how long they have waited
   * @param atOnce up to how many requests get a thread without waiting for it
   * @param maxRunning how many requests have a thread
   * @param maxWaiting how many wait for one; connections past that are closed
   */
  RequestExecutor(
      ExecutorService threads,
      ScheduledExecutorService timer,
      Ticker ticker,
      int atOnce,
      int maxRunning,
      int maxWaiting) {
    this.threads = threads;
    this.timer = timer;
    this.ticker = ticker;
    this.atOnce = atOnce;
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
  }

  /** How many requests have a thread at most. */
  int maxRunning() {
    return maxRunning;
  }

  @Override
  public void execute(Runnable request) {
    RequestTask task = null;
    synchronized (lock) {
      begun++;
      if (running.size() < atOnce && hasRoom()) {
        task = new RequestTask(request);
        running.add(task);
      } else if (waiting.size() < maxWaiting) {
        waiting.add(request, ticker.read());
        look();
      } else {
        dropped++;
        throw new RejectedExecutionException("as many requests wait as may");
      }
    }
    if (task != null && !start(task)) {
      throw new RejectedExecutionException("no thread is available");
    }
  }

  @GuardedBy("lock")
  private boolean hasRoom() {
    return running.size() + held < maxRunning;
  }

  /**
   * A place for a request that waits without a thread. It counts as one that has a thread, since it
   * takes the same memory.
   *
   * @return null if half of all requests wait so: the others are for those that need not wait
   */
  @Nullable Permit hold() {
    synchronized (lock) {
      if (held >= maxRunning / 2) {
        return null;
      }
      held++;
    }
    return Permit.of(this::letGo);
  }

  private void letGo() {
    synchronized (lock) {
      held--;
    }
  }

  /** Runs what remains of a request that waited without a thread; others do not go before it. */
  void resume(Runnable rest) {
    var task = new RequestTask(rest);
    synchronized (lock) {
      running.add(task);
    }
    startOrWait(task);
  }

  // A container may have fewer threads than it was meant to have: that is an OutOfMemoryError.
  @SuppressWarnings("CatchingUnchecked")
  private boolean start(RequestTask first) {
    try {
      threads.execute(() -> runAll(first));
      outOfThreads = false;
      return true;
    } catch (Throwable e) {
      outOfThreads = true;
      synchronized (lock) {
        running.remove(first);
      }
      log.atDebug().addKeyValue("cause", e.toString()).log("No thread is available for a request");
      return false;
    }
  }

  private void startOrWait(RequestTask task) {
    if (!start(task)) {
      synchronized (lock) {
        waiting.add(task.request(), ticker.read());
        look();
      }
    }
  }

  private void runAll(RequestTask first) {
    RequestTask task = first;
    while (task != null) {
      run(task);
      task = after(task);
    }
  }

  // The request that this thread takes next has no part in what was wrong with this one.
  @SuppressWarnings("CatchingUnchecked")
  private static void run(RequestTask task) {
    try {
      task.run();
    } catch (Throwable e) {
      log.atError().setCause(e).log("A request failed past its handler");
    }
  }

  private @Nullable RequestTask after(RequestTask done) {
    synchronized (lock) {
      running.remove(done);
      // The clock is read only if a request waits.
      Runnable next = waiting.isEmpty() ? null : waiting.poll(ticker.read());
      if (next == null) {
        return null;
      }
      var task = new RequestTask(next);
      running.add(task);
      return task;
    }
  }

  private void lookAfterWaiting() {
    List<RequestTask> more;
    synchronized (lock) {
      looks = false;
      more = moreThreads();
      endSlowClients(Math.min(BATCH, waiting.size()));
      if (!waiting.isEmpty()) {
        look();
      }
    }
    more.forEach(this::startOrWait);
  }

  @GuardedBy("lock")
  private List<RequestTask> moreThreads() {
    var more = new ArrayList<RequestTask>();
    while (more.size() < BATCH && hasRoom() && !waiting.isEmpty()) {
      var task = new RequestTask(requireNonNull(waiting.poll(ticker.read())));
      running.add(task);
      more.add(task);
    }
    return more;
  }

  // As many go as requests wait, those first who have been there longest.
  @GuardedBy("lock")
  private void endSlowClients(int wanted) {
    long now = System.nanoTime();
    int left = hasRoom() && !outOfThreads ? 0 : wanted;
    for (RequestTask task : running) {
      boolean ending = task.isEnding();
      if (left > 0 && task.end(now, PATIENCE_NANOS)) {
        left--;
        dropped += ending ? 0 : 1;
      }
    }
  }

  // Not at once: the thread that accepts connections has no time to look through all requests.
  @GuardedBy("lock")
  @SuppressWarnings("CatchingUnchecked") // without a thread, schedule throws an OutOfMemoryError
  private void look() {
    if (looks) {
      return;
    }
    try {
      var unused = timer.schedule(this::lookAfterWaiting, LOOK_NANOS, TimeUnit.NANOSECONDS);
      looks = true;
    } catch (Throwable e) {
      // Closed meanwhile, or out of threads: what waits is taken by the next thread that is done.
      log.atDebug().addKeyValue("cause", e.toString()).log("Nothing looks after slow clients now");
    }
  }

  RequestCounts counts() {
    synchronized (lock) {
      return new RequestCounts(running.size(), waiting.size(), held, begun, dropped, outOfThreads);
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
