package dev.podidentity.awssdk;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * Credentials, and when what is done about them: fresh until {@code refreshAt}, then renewed behind
 * the callers' backs, from {@code waitAt} on renewed before callers get any, and never given out
 * from {@code expiresAt} on. Times are in milliseconds since the epoch. The life that is left when
 * they are fetched bounds them as well, so that a clock that is set back does not keep expired
 * credentials alive. Thread-safe.
 */
final class HeldCredentials {
  private static final Duration OLDEST = Duration.ofHours(1);
  private static final Duration OLDEST_SPREAD = Duration.ofMinutes(10);
  private static final Duration AHEAD = Duration.ofMinutes(15);
  private static final Duration LAST = Duration.ofMinutes(2);
  private static final Duration SHORTEST_REFRESH = Duration.ofSeconds(1);

  private static final long CHECKED_FOR = 1_000;

  // What is given out with little life left, as by an agent that cannot renew it, is used in the
  // same proportions: asking at each call would not make it live longer.
  private static final int AHEAD_PART = 4;
  private static final int AHEAD_SPREAD_PART = 3;
  private static final int LAST_PART = 10;

  private final AwsCredentials credentials;
  private final long refreshAt;
  private final long waitAt;
  private final long expiresAt;
  private final long fetchedNanos;
  private final long freshNanos;
  private final long lifeNanos;

  /** When both clocks last had them as fresh. */
  private volatile long checkedAt;

  /**
   * Credentials that were just fetched.
   *
   * @param nanos the same moment, of a clock that only goes forward
   * @param random from 0 to 1: pods that started together do not refresh together
   */
  HeldCredentials(AgentCredentials fetched, Instant now, long nanos, double random) {
    long start = now.toEpochMilli();
    long life = fetched.expiration().toEpochMilli() - start;
    long ahead = Math.min(AHEAD.toMillis(), life / AHEAD_PART);
    long beforeExpiry = life - ahead - (long) (random * ahead / AHEAD_SPREAD_PART);
    long beforeOld = OLDEST.toMillis() - (long) (random * OLDEST_SPREAD.toMillis());
    long refreshAfter = Math.max(SHORTEST_REFRESH.toMillis(), Math.min(beforeExpiry, beforeOld));
    credentials = fetched.credentials();
    expiresAt = start + life;
    refreshAt = Math.min(expiresAt, start + refreshAfter);
    fetchedNanos = nanos;
    freshNanos = TimeUnit.MILLISECONDS.toNanos(refreshAt - start);
    lifeNanos = TimeUnit.MILLISECONDS.toNanos(life);
    checkedAt = start;
    waitAt = expiresAt - Math.min(LAST.toMillis(), life / LAST_PART);
  }

  AwsCredentials credentials() {
    return credentials;
  }

  /**
   * Whether they are fresh. A hit reads one clock, not two: the ticker is read again once the other
   * clock has moved by a second, forwards or backwards at all.
   */
  boolean isFreshAt(long now, Ticker ticker) {
    if (now >= refreshAt) {
      return false;
    }
    long sinceChecked = now - checkedAt;
    if (sinceChecked >= 0 && sinceChecked < CHECKED_FOR) {
      return true;
    }
    if (ticker.nanos() - fetchedNanos >= freshNanos) {
      return false;
    }
    checkedAt = now;
    return true;
  }

  boolean isWorthWaitingAt(long now) {
    return now >= waitAt;
  }

  boolean isOlderThan(Duration age, long nanos) {
    return nanos - fetchedNanos >= age.toNanos();
  }

  boolean isValidAt(long now, long nanos) {
    return now < expiresAt && nanos - fetchedNanos < lifeNanos;
  }
}
