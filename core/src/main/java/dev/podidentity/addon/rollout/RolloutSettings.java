package dev.podidentity.addon.rollout;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How patient a rollout is. Immutable.
 *
 * @param progressDeadline how long a rollout may go on without another node getting ready before it
 *     is given up
 * @param startTimeout how long one call of {@link NodeAgents} may take
 * @param startAttempts how many times in a row an agent may fail to start on a node before the
 *     rollout is given up
 * @param retryDelay how long after a failure the next try is made; doubled with each failure in a
 *     row, up to 5 minutes
 */
public record RolloutSettings(
    Duration progressDeadline, Duration startTimeout, int startAttempts, Duration retryDelay) {
  static final Duration MAX_RETRY_DELAY = Duration.ofMinutes(5);
  private static final int MAX_DOUBLINGS = 20;
  private static final RolloutSettings DEFAULTS =
      new RolloutSettings(Duration.ofMinutes(10), Duration.ofMinutes(1), 3, Duration.ofSeconds(10));

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException if a duration is not positive, or there is no attempt
   */
  public RolloutSettings {
    requirePositive("progressDeadline", progressDeadline);
    requirePositive("startTimeout", startTimeout);
    requirePositive("retryDelay", retryDelay);
    if (startAttempts < 1) {
      throw new IllegalArgumentException("startAttempts is at least 1, and not " + startAttempts);
    }
  }

  /** 10 minutes, 1 minute, 3 attempts, 10 seconds. */
  public static RolloutSettings defaults() {
    return DEFAULTS;
  }

  /** These settings with another deadline. */
  public RolloutSettings withProgressDeadline(Duration deadline) {
    return new RolloutSettings(deadline, startTimeout, startAttempts, retryDelay);
  }

  /** These settings with another time that a call may take. */
  public RolloutSettings withStartTimeout(Duration timeout) {
    return new RolloutSettings(progressDeadline, timeout, startAttempts, retryDelay);
  }

  /** These settings with another number of attempts. */
  public RolloutSettings withStartAttempts(int attempts) {
    return new RolloutSettings(progressDeadline, startTimeout, attempts, retryDelay);
  }

  /** These settings with another delay after the first failure. */
  public RolloutSettings withRetryDelay(Duration delay) {
    return new RolloutSettings(progressDeadline, startTimeout, startAttempts, delay);
  }

  /** How long to wait after so many failures in a row. */
  Duration delayAfter(int failures) {
    Duration delay = retryDelay;
    for (int i = 1; i < Math.min(failures, MAX_DOUBLINGS); i++) {
      delay = delay.multipliedBy(2);
      if (delay.compareTo(MAX_RETRY_DELAY) >= 0) {
        return MAX_RETRY_DELAY;
      }
    }
    return delay;
  }

  private static void requirePositive(String name, Duration duration) {
    if (requireNonNull(duration, name).isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(name + " is a positive duration, and not " + duration);
    }
  }
}
