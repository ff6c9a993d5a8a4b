package dev.podidentity.awssdk.eksauth;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Whether the agent's own credentials can be had, for a readiness probe: the answer comes in
 * bounded time and holds no credentials. However often it is asked, one thread at most is busy.
 * Thread-safe.
 */
public final class NodeCredentialsCheck {
  private static final String FAILED = "The agent's own AWS credentials cannot be had";

  private final AwsCredentialsProvider credentials;
  private final ThreadFactory threads;
  private final AtomicReference<@Nullable FutureTask<Optional<String>>> running =
      new AtomicReference<>();

  private NodeCredentialsCheck(AwsCredentialsProvider credentials, ThreadFactory threads) {
    this.credentials = credentials;
    this.threads = threads;
  }

  /** A check of these credentials. */
  public static NodeCredentialsCheck of(AwsCredentialsProvider credentials) {
    return of(
        credentials,
        task -> {
          var thread = new Thread(task, "node-credentials-check");
          thread.setDaemon(true);
          return thread;
        });
  }

  static NodeCredentialsCheck of(AwsCredentialsProvider credentials, ThreadFactory threads) {
    return new NodeCredentialsCheck(requireNonNull(credentials, "credentials"), threads);
  }

  /**
   * What is wrong with the credentials, and what to do about it; empty if they can be had.
   *
   * @param atMost how long to wait for the answer
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Optional<String> problem(Duration atMost) throws InterruptedException {
    FutureTask<Optional<String>> resolving;
    try {
      resolving = resolving();
    } catch (OutOfMemoryError e) {
      return Optional.of(
          "The agent's own AWS credentials could not be looked at: no thread is available");
    }
    try {
      return resolving.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return Optional.of(
          "The agent's own AWS credentials could not be had within "
              + atMost.toMillis()
              + " ms: check the node's way to the instance metadata service");
    } catch (ExecutionException | CancellationException e) {
      return Optional.of(FAILED);
    }
  }

  private FutureTask<Optional<String>> resolving() {
    var next = new FutureTask<>(this::resolve);
    var current = running.updateAndGet(old -> old == null || old.isDone() ? next : old);
    if (current == next) {
      start(next);
    }
    return requireNonNull(current);
  }

  // The place is given back if the thread does not start: the next probe tries again.
  private void start(FutureTask<Optional<String>> next) {
    boolean started = false;
    try {
      threads.newThread(next).start();
      started = true;
    } finally {
      if (!started) {
        next.cancel(false);
        running.compareAndSet(next, null);
      }
    }
  }

  private Optional<String> resolve() {
    try {
      credentials.resolveCredentials();
      return Optional.empty();
    } catch (NodeCredentialsException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return Optional.of(FAILED + ": " + e.getClass().getName());
    }
  }
}
