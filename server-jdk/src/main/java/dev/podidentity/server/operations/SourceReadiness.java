package dev.podidentity.server.operations;

import static java.util.Objects.requireNonNull;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.FailureReason.Fault;
import dev.podidentity.credential.cache.CacheListener;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
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

  private final Ticker ticker;
  private final Duration patience;

  /** Null while the last call that was made succeeded. */
  private final AtomicReference<@Nullable Failing> failing = new AtomicReference<>();

  private record Failing(long since, long last, FailureReason reason) {}

  /** What is known of the latest call that failed, beside its reason; empty for nothing. */
  private volatile String detail = "";

  private SourceReadiness(Ticker ticker, Duration patience) {
    this.ticker = requireNonNull(ticker, "ticker");
    this.patience = requireNonNull(patience, "patience");
  }

  /** Starts out ready. */
  public static SourceReadiness of(Ticker ticker, Duration patience) {
    return new SourceReadiness(ticker, patience);
  }

  @Override
  public void callFailed(ServiceAccountToken token, CredentialException failure) {
    detail = failure.detail().orElse("");
  }

  @Override
  public void called(ServiceAccountToken token, Duration took, @Nullable FailureReason failure) {
    if (failure == null || !isTheSourcesFault(failure)) {
      failing.set(null);
      return;
    }
    long now = ticker.read();
    failing.updateAndGet(
        before -> new Failing(before == null ? now : before.since(), now, failure));
  }

  private String because() {
    String known = detail;
    return known.isEmpty() ? "" : ", since " + known;
  }

  // A source that refuses a pod has answered.
  private static boolean isTheSourcesFault(FailureReason failure) {
    return failure.fault() == Fault.SOURCE || failure.fault() == Fault.NODE;
  }

  @Override
  public CheckResult check() {
    Failing known = failing.get();
    if (known == null) {
      return CheckResult.ok(NAME, "answers, or has not been asked");
    }
    long now = ticker.read();
    var lasted = Duration.ofNanos(now - known.since());
    var quiet = Duration.ofNanos(now - known.last());
    boolean tooLong = lasted.compareTo(patience) >= 0 && quiet.compareTo(patience) < 0;
    String text =
        "every call has failed for "
            + lasted.toSeconds()
            + " s: "
            + known.reason().code()
            + because();
    return tooLong ? CheckResult.failed(NAME, text) : CheckResult.ok(NAME, text);
  }
}
