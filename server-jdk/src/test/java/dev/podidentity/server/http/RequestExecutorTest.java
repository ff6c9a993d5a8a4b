package dev.podidentity.server.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podidentity.limit.Permit;
import dev.podidentity.schedule.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class RequestExecutorTest {
  private static final ServerLimits LIMITS = new ServerLimits(1024, 2048, 1);

  private final RequestExecutor threads =
      new RequestExecutor(
          Executors.newCachedThreadPool(),
          Executors.newSingleThreadScheduledExecutor(),
          Ticker.system(),
          1,
          1,
          1);

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void takesTheConnectionOfASlowClientForARequestThatWaits() throws Exception {
    var connection = Pipe.open();
    var lost = new CompletableFuture<Boolean>();
    threads.execute(() -> lost.complete(read(connection)));
    var answered = new CompletableFuture<Boolean>();

    threads.execute(() -> answered.complete(Thread.currentThread().isInterrupted()));

    assertThat(lost.get()).isTrue();
    assertThat(answered.get()).describedAs("interrupted").isFalse();
    assertThat(connection.source().isOpen()).isFalse();
  }

  @Test
  void countsTheConnectionsThatItDrops() throws Exception {
    var connection = Pipe.open();
    var lost = new CompletableFuture<Boolean>();
    threads.execute(() -> lost.complete(read(connection)));
    var answered = new CountDownLatch(1);
    threads.execute(answered::countDown);
    answered.await();

    assertThat(lost.get()).isTrue();
    assertThat(threads.counts())
        .returns(2L, RequestCounts::begun)
        .returns(1L, RequestCounts::dropped);
  }

  @Test
  void leavesASlowClientAloneWhileNobodyWaits() throws Exception {
    var connection = Pipe.open();
    var lost = new CompletableFuture<Boolean>();
    threads.execute(() -> lost.complete(read(connection)));

    connection.sink().write(ByteBuffer.wrap(new byte[1]));

    assertThat(lost.get()).isFalse();
  }

  @Test
  void neverInterruptsAnAnswerThatIsBeingMade() throws Exception {
    var made = new Semaphore(0);
    var interrupted = new CompletableFuture<Boolean>();
    threads.execute(
        () -> {
          RequestTask.beginAnswer();
          made.acquireUninterruptibly();
          interrupted.complete(Thread.currentThread().isInterrupted());
        });
    var answered = new CountDownLatch(1);
    threads.execute(answered::countDown);

    // Longer than the patience with clients, by which the answer would have been interrupted.
    assertThat(answered.await(200, TimeUnit.MILLISECONDS)).isFalse();
    made.release();

    assertThat(interrupted.get()).isFalse();
    answered.await();
  }

  @Test
  void goesOnWithTheNextRequestAfterOneThatFails() throws Exception {
    var begin = new CountDownLatch(1);
    var next = new CountDownLatch(1);
    threads.execute(
        () -> {
          awaitAll(begin);
          throw new AssertionError("a request that fails");
        });
    threads.execute(next::countDown);
    begin.countDown();

    assertThat(next.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void countsWhatIsHeldAsIfItHadAThread() throws Exception {
    try (var four =
        new RequestExecutor(
            Executors.newCachedThreadPool(),
            Executors.newSingleThreadScheduledExecutor(),
            Ticker.system(),
            4,
            4,
            4)) {
      Permit first = requireNonNull(four.hold());
      Permit second = requireNonNull(four.hold());
      assertThat(four.hold()).describedAs("more than half").isNull();
      var end = new Semaphore(0);
      var begun = new Semaphore(0);
      Runnable answer =
          () -> {
            RequestTask.beginAnswer();
            begun.release();
            end.acquireUninterruptibly();
          };
      for (int i = 0; i < 3; i++) {
        four.execute(answer);
      }
      begun.acquire(2);
      assertThat(four.counts())
          .returns(2, RequestCounts::underWay)
          .returns(2, RequestCounts::held)
          .returns(1, RequestCounts::waiting);

      four.resume(answer);
      begun.acquire();
      assertThat(four.counts()).returns(1, RequestCounts::waiting);
      first.close();
      second.close();
      end.release(4);
      begun.acquire();
      assertThat(four.counts()).returns(0, RequestCounts::held);
    }
  }

  @Test
  void hasAHeldRequestKeepItsThreadWhereAsManyWaitAsMay() throws Exception {
    var held = new HeldRequest(threads);
    var end = new CompletableFuture<Thread>();

    assertThat(held.letGo()).isFalse();
    held.execute(() -> end.complete(Thread.currentThread()));
    held.await(end);

    assertThat(end).isCompletedWithValue(Thread.currentThread());
  }

  @Test
  void refusesAtOnceWhatCannotWait() {
    var end = new Semaphore(0);
    threads.execute(
        () -> {
          RequestTask.beginAnswer();
          end.acquireUninterruptibly();
        });
    threads.execute(() -> {});

    assertThatThrownBy(() -> threads.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    end.release();
  }

  @Test
  void startsMoreThreadsForRequestsThatWouldWaitForAnswers() throws Exception {
    int requests = 3 * RequestExecutor.BATCH;
    var all = new CountDownLatch(requests);
    try (var many =
        new RequestExecutor(
            Executors.newCachedThreadPool(),
            Executors.newSingleThreadScheduledExecutor(),
            Ticker.system(),
            1,
            requests,
            requests)) {
      for (int i = 0; i < requests; i++) {
        many.execute(
            () -> {
              RequestTask.beginAnswer();
              all.countDown();
              awaitAll(all);
            });
      }

      assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void servesTheNewestAndTheFirstOfACrowdInTurn() {
    var started = new Recorded();
    var timer = new HandCranked();
    var now = new AtomicLong();
    var served = new ArrayList<Integer>();
    try (var crowded = new RequestExecutor(started, timer, now::get, 1, 3, 10)) {
      for (int i = 0; i < 6; i++) {
        int number = i;
        crowded.execute(() -> served.add(number));
      }
      timer.task.run();
      assertThat(served).describedAs("two more threads, and none has run").isEmpty();
      now.set(WaitingRequests.LONG);
      started.tasks.forEach(Runnable::run);
    }

    assertThat(served).containsExactly(0, 5, 3, 4, 1, 2);
  }

  /** Threads that are started when the test says so. */
  private static final class Recorded extends ThreadPoolExecutor {
    private final List<Runnable> tasks = new ArrayList<>();

    Recorded() {
      super(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }
  }

  /** A timer whose time comes when the test says so. */
  private static final class HandCranked extends ScheduledThreadPoolExecutor {
    private Runnable task = () -> {};

    HandCranked() {
      super(0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      task = command;
      return super.schedule(() -> {}, delay, unit);
    }
  }

  @Test
  void startsVirtualThreadsOnlyWhereReadingARequestDoesNotPinThem() throws Exception {
    var thread = new CompletableFuture<Thread>();
    try (var requests = RequestExecutors.create(LIMITS)) {
      requests.execute(() -> thread.complete(Thread.currentThread()));

      assertThat(thread.get().getClass().getSimpleName())
          .isEqualTo(Runtime.version().feature() >= 24 ? "VirtualThread" : "Thread");
    }
  }

  @Test
  void letsNoRequestWaitForAVirtualThread() {
    assumeTrue(Runtime.version().feature() >= 24, "this JDK pins virtual threads, or has none");
    int requests = 2 * RequestExecutor.BATCH;
    var end = new CountDownLatch(1);
    try (var virtual = RequestExecutors.create(LIMITS)) {
      for (int i = 0; i < requests; i++) {
        virtual.execute(() -> awaitAll(end));
      }

      assertThat(virtual.running()).isEqualTo(requests);
      end.countDown();
    }
  }

  private static void awaitAll(CountDownLatch all) {
    try {
      all.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void goesOnWithTheThreadsThatCanBeHad() throws Exception {
    var threadsLeft = new Semaphore(1);
    var end = new CountDownLatch(1);
    var second = new CountDownLatch(1);
    try (var few =
        new RequestExecutor(
            Executors.newCachedThreadPool(task -> newThread(task, threadsLeft)),
            Executors.newSingleThreadScheduledExecutor(),
            Ticker.system(),
            1,
            8,
            8)) {
      few.execute(
          () -> {
            RequestTask.beginAnswer();
            awaitAll(end);
          });
      few.execute(second::countDown);
      assertThat(second.await(100, TimeUnit.MILLISECONDS)).isFalse();
      end.countDown();

      assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Thread newThread(Runnable task, Semaphore left) {
    if (!left.tryAcquire()) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    return new Thread(task);
  }

  /** Whether the connection was lost. */
  private static boolean read(Pipe connection) {
    try {
      connection.source().read(ByteBuffer.allocate(1));
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
