package dev.podidentity.server.operations;

import static java.util.Objects.requireNonNull;

import dev.podidentity.credential.cache.CacheState;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Whether the cache's work goes on: not ready while a fetch or a call has outlived its budget, or
 * while the cache's listener is told nothing. Thread-safe.
 */
public final class CacheReadiness implements ReadinessCheck {
  /** How long an event may wait to be told to the cache's listener: 30 s. */
  public static final Duration MAX_EVENT_DELAY = Duration.ofSeconds(30);

  private static final String NAME = "cache";

  private final Supplier<CacheState> state;

  private CacheReadiness(Supplier<CacheState> state) {
    this.state = state;
  }

  /**
   * The readiness of a cache.
   *
   * @param state its state, such as {@code CachingCredentialSource::state}
   */
  public static CacheReadiness of(Supplier<CacheState> state) {
    return new CacheReadiness(requireNonNull(state, "state"));
  }

  @Override
  public CheckResult check() {
    CacheState now = state.get();
    if (now.overdue() > 0) {
      return CheckResult.failed(
          NAME,
          now.overdue()
              + " fetches of credentials have outlived their budget: their threads hang or were"
              + " lost; check the limits on threads and memory");
    }
    if (now.eventDelay().compareTo(MAX_EVENT_DELAY) >= 0) {
      return CheckResult.failed(
          NAME,
          "metrics and logs of the cache are "
              + now.eventDelay().toSeconds()
              + " s behind: their thread hangs or was lost; check the limits on threads and memory");
    }
    return CheckResult.ok(NAME, "its work goes on");
  }
}
