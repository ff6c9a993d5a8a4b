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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Keeps credentials fresh for many callers with one fetch at a time. Callers make it go: without
 * them nothing runs, no thread and no timer. A fetch belongs to the executor and not to the caller
 * who happened to start it, so that no interrupt of one fails the others. Thread-safe.
 */
final class RefreshingCredentials implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RefreshingCredentials.class);

  /** What a fetch may take beyond its budget, on a machine that is busy. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final AgentFetch fetch;
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
  private @Nullable CompletableFuture<AwsSessionCredentials> round;

  @GuardedBy("lock")
  private @Nullable Outage outage;

  @GuardedBy("lock")
  private boolean closed;

  /** What failed last, and until when nobody asks again. */
  private record Outage(int failures, long endNanos, Throwable failure) {}

  RefreshingCredentials(
      AgentFetch fetch,
      Clock clock,
      Ticker ticker,
      Executor executor,
      Duration startupBudget,
      Duration refreshBudget,
      Backoff backoff,
      DoubleSupplier random) {
    this.fetch = fetch;
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
    return await(next());
  }

  /** A future of the caller's own, which it may complete or cancel without harm to others. */
  CompletableFuture<AwsSessionCredentials> getAsync() {
    return next().exceptionallyCompose(e -> CompletableFuture.failedFuture(forCaller(e)));
  }

  private CompletableFuture<AwsSessionCredentials> next() {
    long now = clock.millis();
    HeldCredentials valid;
    CompletableFuture<AwsSessionCredentials> current;
    boolean started = false;
    lock.lock();
    try {
      requireOpen();
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
        current = new CompletableFuture<>();
        round = current;
        started = true;
      }
    } finally {
      lock.unlock();
    }
    if (started) {
      start(current);
    }
    return valid != null && !valid.isWorthWaitingAt(now)
        ? CompletableFuture.completedFuture(valid.credentials())
        : current;
  }

  private @Nullable HeldCredentials heldAt(long now) {
    HeldCredentials current = held;
    return current != null && current.isValidAt(now) ? current : null;
  }

  @GuardedBy("lock")
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the credentials provider is closed");
    }
  }

  private Duration budget() {
    return held == null ? startupBudget : refreshBudget;
  }

  // Foreign code: it runs outside of the lock, and a fetch that it does not run is a failed one.
  private void start(CompletableFuture<AwsSessionCredentials> started) {
    try {
      executor.execute(() -> run(started));
    } catch (RuntimeException | Error e) {
      failed(started, e);
    }
  }

  private void run(CompletableFuture<AwsSessionCredentials> started) {
    try {
      succeeded(started, fetch.fetch(budget()));
    } catch (RuntimeException | Error e) {
      failed(started, e);
    }
  }

  private void succeeded(CompletableFuture<AwsSessionCredentials> ended, AgentCredentials fetched) {
    var fresh = new HeldCredentials(fetched, clock.instant(), random.getAsDouble());
    lock.lock();
    try {
      if (closed) {
        return;
      }
      held = fresh;
      outage = null;
      round = null;
    } finally {
      lock.unlock();
    }
    log.atDebug()
        .addKeyValue("expires", fetched.expiration())
        .addKeyValue("account", fetched.accountId())
        .log("Fetched credentials from the Pod Identity agent");
    ended.complete(fresh.credentials());
  }

  private void failed(CompletableFuture<AwsSessionCredentials> ended, Throwable failure) {
    HeldCredentials valid;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      valid = heldAt(clock.millis());
      outage = outage(outage == null ? 1 : outage.failures() + 1, failure);
      round = null;
    } finally {
      lock.unlock();
    }
    if (valid == null) {
      ended.completeExceptionally(failure);
      return;
    }
    log.atWarn()
        .addKeyValue("reason", forCaller(failure).getMessage())
        .log("Credentials could not be refreshed; those that are held are still valid");
    ended.complete(valid.credentials());
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

  @Override
  public void close() {
    CompletableFuture<AwsSessionCredentials> abandoned;
    lock.lock();
    try {
      closed = true;
      held = null;
      abandoned = round;
      round = null;
    } finally {
      lock.unlock();
    }
    if (abandoned != null) {
      abandoned.completeExceptionally(
          AbortedException.create("The credentials provider was closed"));
    }
  }
}
