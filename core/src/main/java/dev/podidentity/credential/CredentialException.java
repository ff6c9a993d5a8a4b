package dev.podidentity.credential;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a request for credentials was not answered with credentials. The message is written for the
 * owner of the pod: what failed, for whom, and what to do; it never holds a token or a key.
 */
public final class CredentialException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureReason reason;
  private final @Nullable String requestId;
  private final @Nullable Duration retryAfter;
  private final @Nullable String detail;

  /** A failure that the agent itself found. */
  public CredentialException(FailureReason reason, String message) {
    this(reason, message, null, null, null);
  }

  /**
   * A failure with all that is known of it.
   *
   * @param reason why
   * @param message for the owner of the pod
   * @param requestId the upstream service's id of the failed request
   * @param retryAfter when trying again makes sense; null leaves it to the reason
   * @param cause what it was caused by
   */
  public CredentialException(
      FailureReason reason,
      String message,
      @Nullable String requestId,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    this(reason, message, requestId, retryAfter, cause, null);
  }

  private CredentialException(
      FailureReason reason,
      String message,
      @Nullable String requestId,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause,
      @Nullable String detail) {
    super(requireNonNull(message, "message"), cause);
    this.reason = requireNonNull(reason, "reason");
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    this.detail = detail;
  }

  /**
   * The same failure with what an operator wants to know of it.
   *
   * @param detail names no pod and no secret, since probes show it
   */
  public CredentialException withDetail(String detail) {
    return new CredentialException(
        reason,
        String.valueOf(getMessage()),
        requestId,
        retryAfter,
        getCause(),
        requireNonNull(detail, "detail"));
  }

  /** What an operator wants to know beside the reason, such as why the source is unreachable. */
  public Optional<String> detail() {
    return Optional.ofNullable(detail);
  }

  /** Why there are no credentials. */
  public FailureReason reason() {
    return reason;
  }

  /**
   * The reasons of all sources that were asked, where a chain asked several; else its own alone.
   */
  public Set<FailureReason> reasons() {
    Set<FailureReason> reasons = EnumSet.of(reason);
    for (Throwable other : getSuppressed()) {
      if (other instanceof CredentialException failure) {
        reasons.addAll(failure.reasons());
      }
    }
    return reasons;
  }

  /** The upstream service's id of the failed request, for a support case. */
  public Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }

  /** When to try again; empty where that does not help. */
  public Optional<Duration> retryAfter() {
    return retryAfter != null || !reason.retryable()
        ? Optional.ofNullable(retryAfter)
        : Optional.of(FailureReason.DEFAULT_RETRY_AFTER);
  }
}
