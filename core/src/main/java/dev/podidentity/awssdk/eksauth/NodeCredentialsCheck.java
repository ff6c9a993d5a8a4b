package dev.podidentity.awssdk.eksauth;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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
  private final AtomicReference<@Nullable FutureTask<Optional<String>>> running =
      new AtomicReference<>();

  private NodeCredentialsCheck(AwsCredentialsProvider credentials) {
    this.credentials = credentials;
  }

  /** A check of these credentials. */
  public static NodeCredentialsCheck of(AwsCredentialsProvider credentials) {
    return new NodeCredentialsCheck(requireNonNull(credentials, "credentials"));
  }

  /**
   * What is wrong with the credentials, and what to do about it; empty if they can be had.
   *
   * @param atMost how long to wait for the answer
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Optional<String> problem(Duration atMost) throws InterruptedException {
    try {
      return resolving().get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return Optional.of(
          "The agent's own AWS credentials could not be had within "
              + atMost.toMillis()
              + " ms: check the node's way to the instance metadata service");
    } catch (ExecutionException e) {
      return Optional.of(FAILED);
    }
  }

  private FutureTask<Optional<String>> resolving() {
    var next = new FutureTask<>(this::resolve);
    var current = running.updateAndGet(old -> old == null || old.isDone() ? next : old);
    if (current == next) {
      var thread = new Thread(next, "node-credentials-check");
      thread.setDaemon(true);
      thread.start();
    }
    return requireNonNull(current);
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
