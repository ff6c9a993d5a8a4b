package dev.podidentity.credential.cache;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is told what the cache does: for metrics and logs. Called on the cache's executor, one event
 * after the other and in order, never on a thread that a client waits for. A listener that is too
 * slow loses events, and is told how many; what it throws is logged and changes nothing.
 *
 * <p>What a token claims is to be believed from {@link #stored} on; in {@link #missed}, {@link
 * #joined}, {@link #refused} and {@link #called} it is what somebody said.
 */
public interface CacheListener {
  /** Does nothing. */
  CacheListener NONE = new CacheListener() {};

  /**
   * Requests were answered from the cache. They are counted without loss and told together, at most
   * a second late.
   *
   * @param count how many since the last time
   */
  default void hits(long count) {}

  /** A request was not answered from the cache, and started a fetch. */
  default void missed(ServiceAccountToken token) {}

  /** A request waits for a fetch that another one started. */
  default void joined(ServiceAccountToken token) {}

  /** A new token of a pod that has credentials was verified on this machine. */
  default void rotated(ServiceAccountToken token) {}

  /** Credentials were stored for a request. */
  default void stored(ServiceAccountToken token, Instant expiration) {}

  /** Credentials were renewed ahead. */
  default void renewed(ServiceAccountToken token, Instant expiration) {}

  /** A renewal failed; the credentials from before are kept unless {@link #dropped} follows. */
  default void renewalFailed(ServiceAccountToken token, CredentialException failure) {}

  /** Credentials are no longer in the cache. */
  default void dropped(ServiceAccountToken token, DropReason reason) {}

  /** A request was refused, by the source or because the source refused it a moment ago. */
  default void refused(ServiceAccountToken token, CredentialException refusal) {}

  /**
   * The source throttles: renewals pause together.
   *
   * @param pause for how long
   */
  default void throttled(Duration pause) {}

  /**
   * The source was called.
   *
   * @param took how long it took
   * @param failure why it failed; null if it answered
   */
  default void called(ServiceAccountToken token, Duration took, @Nullable FailureReason failure) {}

  /** The same call failed, with all that is known of it; told before {@link #called}. */
  default void callFailed(ServiceAccountToken token, CredentialException failure) {}

  /**
   * Events could not be told.
   *
   * @param count how many since the last time
   */
  default void lost(long count) {}

  /** Tells each of these in turn; one that throws keeps nothing from the others. */
  static CacheListener all(CacheListener... listeners) {
    return new CacheListeners(List.of(listeners));
  }
}
