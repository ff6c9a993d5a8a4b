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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
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
  private static final Logger log = LoggerFactory.getLogger(RefreshingCredentials.class);

  /** What a fetch may take beyond its budget, on a machine that is busy. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Supplier<AgentFetch> fetches;
  private final Clock clock;
  private final Ticker ticker;
  private final Executor executor;
  private final Duration startupBudget;
  private final Duration refreshBudget;
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

  /** One fetch, and the callers that wait for it. */
  private static final class Round {
    private final AgentFetch fetch;
    private final CompletableFuture<AwsSessionCredentials> answer = new CompletableFuture<>();

    /** Whether a caller waits, or has waited. Guarded by the lock. */
    private boolean awaited;

    private Round(AgentFetch fetch) {
      this.fetch = fetch;
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
      Backoff backoff,
      DoubleSupplier random) {
    this.fetches = fetches;
    this.clock = clock;
    this.ticker = ticker;
    this.executor = executor;
    this.startupBudget = startupBudget;
    this.refreshBudget = refreshBudget;
    this.backoff = backoff;
    this.random = random;
  }

  AwsSessionCredentials get() {
    HeldCredentials current = held;
    if (current != null && current.isFreshAt(clock.millis())) {
      return current.credentials();
    }
    try {
      return await(next());
    } catch (AbortedException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // Another caller was interrupted, whose thread the fetch was on.
      return await(next());
    }
  }

  /** A future of the caller's own, which it may complete or cancel without harm to others. */
  CompletableFuture<AwsSessionCredentials> getAsync() {
    return next().exceptionallyCompose(e -> CompletableFuture.failedFuture(forCaller(e)));
  }

  private CompletableFuture<AwsSessionCredentials> next() {
    long now = clock.millis();
    HeldCredentials valid;
    Round current;
    boolean waits;
    Executor starter = null;
    lock.lock();
    try {
      valid = heldAt(now);
      if (valid != null && valid.isFreshAt(now)) {
        return CompletableFuture.completedFuture(valid.credentials());
      }
      if (outage != null && outage.endNanos() - ticker.nanos() > 0) {
        return valid != null
            ? CompletableFuture.completedFuture(valid.credentials())
            : CompletableFuture.failedFuture(outage.failure());
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
    return waits ? current.answer : CompletableFuture.completedFuture(valid.credentials());
  }

  private @Nullable HeldCredentials heldAt(long now) {
    HeldCredentials current = held;
    return current != null && current.isValidAt(now) ? current : null;
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
    try {
      succeeded(started, started.fetch.fetch(budget()));
    } catch (RuntimeException | Error e) {
      failed(started, e);
    }
  }

  private void succeeded(Round ended, AgentCredentials fetched) {
    var fresh = new HeldCredentials(fetched, clock.instant(), random.getAsDouble());
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
    log.atDebug()
        .addKeyValue("expires", fetched.expiration())
        .addKeyValue("account", fetched.accountId())
        .log("Fetched credentials from the Pod Identity agent");
    ended.answer.complete(fresh.credentials());
  }

  private void failed(Round ended, Throwable failure) {
    HeldCredentials valid;
    lock.lock();
    try {
      valid = heldAt(clock.millis());
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
    log.atWarn()
        .addKeyValue("reason", forCaller(failure).getMessage())
        .log("Credentials could not be refreshed; those that are held are still valid");
    ended.answer.complete(valid.credentials());
  }

  private Outage outage(int failures, Throwable failure) {
    Duration pause = backoff.delay(failures);
    if (failure instanceof AgentFailure known) {
      Duration asked = known.retryAfter().orElse(Duration.ZERO);
      pause = pause.compareTo(asked) < 0 ? asked : pause;
    }
    return new Outage(failures, ticker.nanos() + pause.toNanos(), failure);
  }

  private AwsSessionCredentials await(CompletableFuture<AwsSessionCredentials> answer) {
    Duration longest = budget().plus(GRACE);
    try {
      return answer.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw unchecked(forCaller(e.getCause() == null ? e : e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("Waiting for credentials was interrupted", e);
    } catch (TimeoutException e) {
      throw new PodIdentityException(
          AgentFailure.passing(
              PodFailureReason.AGENT_UNREACHABLE,
              "The executor did not fetch credentials within " + longest.toMillis() + " ms",
              "give the provider one that is not full of threads that wait for credentials"));
    }
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

  /** Ends a fetch that no caller waits for. One that callers wait for ends within its budget. */
  @Override
  public void close() {
    Round abandoned = null;
    lock.lock();
    try {
      closed = true;
      if (round != null && !round.awaited) {
        abandoned = round;
        round = null;
      }
    } finally {
      lock.unlock();
    }
    if (abandoned != null) {
      abandoned.fetch.close();
    }
  }
}
