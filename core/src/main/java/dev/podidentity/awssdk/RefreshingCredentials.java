package dev.podidentity.awssdk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.client.AgentFailure;
import dev.podidentity.pod.PodFailureReason;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Keeps credentials fresh for many callers with one fetch at a time. Callers make it go: without
 * them nothing runs, no thread and no timer. A fetch belongs to the executor and not to the caller
 * who happened to start it, so that no interrupt of one fails the others.
 *
 * <p>Once closed, it uses the executor no more: a caller fetches on its own thread. Clients of the
 * AWS SDK close the provider that they were given, and others may still use it. Thread-safe.
 */
final class RefreshingCredentials implements AutoCloseable {
  private final Supplier<AgentFetch> fetches;
  private final Clock clock;
  private final Ticker ticker;
  private final Executor executor;
  private final Duration startupBudget;
  private final Duration refreshBudget;

  /** What a fetch may take beyond its budget, on a machine that is busy. */
  private final Duration grace;

  private final Backoff backoff;
  private final DoubleSupplier random;
  private final ReentrantLock lock = new ReentrantLock();

  private volatile @Nullable HeldCredentials held;

  @GuardedBy("lock")
  private @Nullable Round round;

  @GuardedBy("lock")
  private @Nullable Outage outage;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * What a caller waits in at most, again and again. A process that was stopped (SIGSTOP, a paused
   * container, a frozen function) then loses one slice, and not all of its time.
   */
  private static final Duration SLICE = Duration.ofSeconds(1);

  /** An agent that is asked again this soon would answer with the same credentials. */
  private static final Duration JUST_NOW = Duration.ofSeconds(30);

  /** One fetch, and the callers that wait for it. */
  private static final class Round {
    private final AgentFetch fetch;
    private final CompletableFuture<AwsCredentials> answer = new CompletableFuture<>();

    /** Whether a caller waits, or has waited. Guarded by the lock. */
    private boolean awaited;

    /** Whether the executor has begun with it. */
    private volatile boolean started;

    private Round(AgentFetch fetch) {
      this.fetch = fetch;
    }
  }

  /** What a caller gets, and the round that it waits for, if it does. */
  private record Answer(CompletableFuture<AwsCredentials> answer, @Nullable Round round) {
    static Answer of(HeldCredentials held) {
      return new Answer(CompletableFuture.completedFuture(held.credentials()), null);
    }
  }

  /** What failed last, and until when nobody asks again. */
  private record Outage(int failures, long endNanos, Throwable failure) {}

  RefreshingCredentials(
      Supplier<AgentFetch> fetches,
      Clock clock,
      Ticker ticker,
      Executor executor,
      Duration startupBudget,
      Duration refreshBudget,
      Duration grace,
      Backoff backoff,
      DoubleSupplier random) {
    this.fetches = fetches;
    this.clock = clock;
    this.ticker = ticker;
    this.executor = executor;
    this.startupBudget = startupBudget;
    this.refreshBudget = refreshBudget;
    this.grace = grace;
    this.backoff = backoff;
    this.random = random;
  }

  AwsCredentials get() {
    HeldCredentials current = held;
    if (current != null && current.isFreshAt(clock.millis(), ticker)) {
      return current.credentials();
    }
    try {
      return await(next(), budget().plus(grace));
    } catch (AbortedException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // Another caller was interrupted, whose thread the fetch was on.
      return await(next(), budget().plus(grace));
    }
  }

  /** A future of the caller's own, which it may complete or cancel without harm to others. */
  CompletableFuture<AwsCredentials> getAsync() {
    return next().answer().exceptionallyCompose(e -> CompletableFuture.failedFuture(forCaller(e)));
  }

  private Answer next() {
    long now = clock.millis();
    long nanos = ticker.nanos();
    HeldCredentials valid;
    Round current;
    boolean waits;
    Executor starter = null;
    lock.lock();
    try {
      valid = heldAt(now, nanos);
      if (valid != null && valid.isFreshAt(now, ticker)) {
        return Answer.of(valid);
      }
      if (outage != null && outage.endNanos() - nanos > 0) {
        return valid != null
            ? Answer.of(valid)
            : new Answer(CompletableFuture.failedFuture(outage.failure()), null);
      }
      current = round;
      if (current == null) {
        current = new Round(fetches.get());
        round = current;
        starter = closed ? Runnable::run : executor;
      }
      boolean fetchesHere = starter != null && closed;
      waits = valid == null || valid.isWorthWaitingAt(now) || fetchesHere;
      current.awaited |= waits;
    } finally {
      lock.unlock();
    }
    if (starter != null) {
      start(current, starter);
    }
    return valid == null || waits ? new Answer(current.answer, current) : Answer.of(valid);
  }

  private @Nullable HeldCredentials heldAt(long now, long nanos) {
    HeldCredentials current = held;
    return current != null && current.isValidAt(now, nanos) ? current : null;
  }

  private Duration budget() {
    return held == null ? startupBudget : refreshBudget;
  }

  // Foreign code: it runs outside of the lock, and a fetch that it does not run is a failed one.
  private void start(Round started, Executor starter) {
    try {
      starter.execute(() -> run(started));
    } catch (RuntimeException | Error e) {
      failed(started, e);
    }
  }

  private void run(Round started) {
    started.started = true;
    try {
      succeeded(started, started.fetch.fetch(budget()));
    } catch (RuntimeException | Error e) {
      failed(started, e);
    }
  }

  private void succeeded(Round ended, AgentCredentials fetched) {
    var fresh = new HeldCredentials(fetched, clock.instant(), ticker.nanos(), random.getAsDouble());
    lock.lock();
    try {
      if (round == ended) {
        held = fresh;
        outage = null;
        round = null;
      }
    } finally {
      lock.unlock();
    }
    ended.answer.complete(fresh.credentials());
    RefreshLog.fetched(fetched.expiration(), fetched.accountId());
  }

  private void failed(Round ended, Throwable failure) {
    HeldCredentials valid;
    lock.lock();
    try {
      valid = heldAt(clock.millis(), ticker.nanos());
      if (round == ended) {
        // An interrupt says nothing of the agent.
        if (!(failure instanceof AbortedException)) {
          outage = outage(outage == null ? 1 : outage.failures() + 1, failure);
        }
        round = null;
      }
    } finally {
      lock.unlock();
    }
    if (valid == null) {
      ended.answer.completeExceptionally(failure);
      return;
    }
    ended.answer.complete(valid.credentials());
    RefreshLog.keptAfterFailure(forCaller(failure));
  }

  private Outage outage(int failures, Throwable failure) {
    Duration pause = backoff.delay(failures);
    if (failure instanceof AgentFailure known) {
      pause = backoff.atLeast(known.retryAfter().orElse(Duration.ZERO), pause);
    }
    return new Outage(failures, ticker.nanos() + pause.toNanos(), failure);
  }

  private static AwsCredentials await(Answer answer, Duration longest) {
    Duration left = longest;
    while (true) {
      try {
        long slice = Math.min(SLICE.toNanos(), left.toNanos());
        return answer.answer().get(slice, TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw unchecked(forCaller(e.getCause() == null ? e : e.getCause()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw AbortedException.create("Waiting for credentials was interrupted", e);
      } catch (TimeoutException e) {
        left = left.minus(SLICE);
        if (left.isZero() || left.isNegative()) {
          throw late(answer.round(), longest);
        }
      }
    }
  }

  private static PodIdentityException late(@Nullable Round round, Duration waited) {
    boolean started = round != null && round.started;
    return new PodIdentityException(
        AgentFailure.passing(
            PodFailureReason.AGENT_UNREACHABLE,
            started
                ? "Fetching credentials has not ended within " + waited.toMillis() + " ms"
                : "The executor did not begin to fetch credentials within "
                    + waited.toMillis()
                    + " ms",
            started
                ? "check that the token file and the endpoint's DNS name can be read in time"
                : "give the provider one that is not full of threads that wait for credentials"));
  }

  // Callers do not share an exception: the SDK attaches things to those that it is given.
  private static Throwable forCaller(Throwable failure) {
    return failure instanceof AgentFailure known ? new PodIdentityException(known) : failure;
  }

  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }

  /** Drops what is held; the next caller has it fetched anew. */
  void drop() {
    Round abandoned;
    lock.lock();
    try {
      held = null;
      outage = null;
      abandoned = abandon();
      // What others still wait for goes to them alone: it may be as old as what was held.
      round = null;
    } finally {
      lock.unlock();
    }
    end(abandoned);
  }

  /** The same, if it has this access key and was not fetched just now. */
  void drop(String accessKeyId) {
    HeldCredentials current = held;
    if (current != null
        && current.credentials().accessKeyId().equals(accessKeyId)
        && current.isOlderThan(JUST_NOW, ticker.nanos())) {
      drop();
    }
  }

  /** Takes the round away that no caller waits for. */
  @GuardedBy("lock")
  private @Nullable Round abandon() {
    Round current = round;
    if (current == null || current.awaited) {
      return null;
    }
    round = null;
    return current;
  }

  private static void end(@Nullable Round abandoned) {
    if (abandoned != null) {
      abandoned.fetch.close();
    }
  }

  /** Ends a fetch that no caller waits for. One that callers wait for ends within its budget. */
  @Override
  public void close() {
    Round abandoned;
    lock.lock();
    try {
      closed = true;
      abandoned = abandon();
    } finally {
      lock.unlock();
    }
    end(abandoned);
  }
}
