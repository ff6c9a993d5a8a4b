package dev.podidentity.server.operations;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.cache.CacheListener;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether the source has been failing for long: no call has succeeded for some minutes, and those
 * that were made failed through no fault of the pods. To be given to the cache as its listener, or
 * as one of them. A source that nobody has asked for that time is not known to fail. Thread-safe.
 */
public final class SourceReadiness implements CacheListener, ReadinessCheck {
  /** How long a source fails until the agent is not ready: 5 minutes. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(5);

  private static final String NAME = "source";

  private final Clock clock;
  private final Duration patience;

  @GuardedBy("this")
  private @Nullable Instant failingSince;

  @GuardedBy("this")
  private Instant lastFailure = Instant.EPOCH;

  @GuardedBy("this")
  private @Nullable FailureReason reason;

  private SourceReadiness(Clock clock, Duration patience) {
    this.clock = requireNonNull(clock, "clock");
    this.patience = requireNonNull(patience, "patience");
  }

  /** Starts out ready. */
  public static SourceReadiness of(Clock clock, Duration patience) {
    return new SourceReadiness(clock, patience);
  }

  @Override
  public synchronized void called(
      ServiceAccountToken token, Duration took, @Nullable FailureReason failure) {
    if (failure == null || !isTheSourcesFault(failure)) {
      failingSince = null;
      return;
    }
    Instant now = clock.instant();
    failingSince = failingSince == null ? now : failingSince;
    lastFailure = now;
    reason = failure;
  }

  // A source that refuses a pod has answered.
  private static boolean isTheSourcesFault(FailureReason failure) {
    return switch (failure) {
      case INTERNAL_SERVER,
          SERVICE_UNAVAILABLE,
          THROTTLED,
          NODE_CREDENTIALS,
          TIMED_OUT,
          UNREACHABLE,
          INVALID_ANSWER,
          UNEXPECTED ->
          true;
      case ACCESS_DENIED,
          EXPIRED_TOKEN,
          INVALID_PARAMETER,
          INVALID_REQUEST,
          INVALID_TOKEN,
          RESOURCE_NOT_FOUND,
          HOST_NOT_ALLOWED,
          MISSING_TOKEN,
          PENDING,
          OVERLOADED,
          TOO_MANY_REQUESTS,
          CLOSED ->
          false;
    };
  }

  @Override
  public synchronized CheckResult check() {
    Instant now = clock.instant();
    if (failingSince == null || reason == null) {
      return CheckResult.ok(NAME, "answers, or has not been asked");
    }
    Duration failing = Duration.between(failingSince, now);
    Duration quiet = Duration.between(lastFailure, now);
    boolean tooLong = failing.compareTo(patience) >= 0 && quiet.compareTo(patience) < 0;
    String text = "every call has failed for " + failing.toSeconds() + " s: " + reason.code();
    return tooLong ? CheckResult.failed(NAME, text) : CheckResult.ok(NAME, text);
  }
}
