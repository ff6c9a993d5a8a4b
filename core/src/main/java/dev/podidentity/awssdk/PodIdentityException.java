package dev.podidentity.awssdk;

import static java.util.Objects.requireNonNull;

import dev.podidentity.client.AgentFailure;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Why an application in a pod has no credentials. The message says what failed, what to do about
 * it, and ends with the reason in brackets, which {@code docs/troubleshooting.md} explains; it
 * never holds a token, a key or the body of an answer.
 */
public final class PodIdentityException extends SdkClientException {
  private static final long serialVersionUID = 1L;

  /** Why there are no credentials. */
  public enum Reason {
    /** No endpoint is set, or one that credentials are never asked from. */
    NOT_CONFIGURED,
    /** The token file is missing, empty, no file, not to be read, or holds no token. */
    TOKEN_UNREADABLE,
    /** The token is past its expiry. */
    TOKEN_EXPIRED,
    /** The token is meant for somebody else than EKS Pod Identity. */
    TOKEN_WRONG_AUDIENCE,
    /** The agent cannot be connected to, does not answer in time, or hangs up. */
    AGENT_UNREACHABLE,
    /** The agent answers that it failed, or that it is not available. */
    AGENT_FAILED,
    /** The agent, or EKS Auth behind it, has been asked too often. */
    THROTTLED,
    /** The service account has no pod identity association. */
    NO_ASSOCIATION,
    /** The agent, or EKS Auth behind it, refuses the request. */
    REFUSED,
    /** The agent's answer is none that holds credentials. */
    BAD_ANSWER,
    /** The credentials are of another account or role than expected. */
    WRONG_IDENTITY
  }

  private final String text;
  private final Reason reason;
  private final boolean retryable;
  private final @Nullable Duration retryAfter;

  PodIdentityException(Reason reason, boolean retryable, String message) {
    this(reason, retryable, message, null, null);
  }

  PodIdentityException(
      Reason reason,
      boolean retryable,
      String message,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(causedBy(cause).message(requireNonNull(message, "message") + " [" + reason + "]"));
    this.text = message;
    this.reason = requireNonNull(reason, "reason");
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }

  private PodIdentityException(Copy copy) {
    super(copy);
    this.text = copy.original.text;
    this.reason = copy.original.reason;
    this.retryable = copy.original.retryable;
    this.retryAfter = copy.original.retryAfter;
  }

  static PodIdentityException of(AgentFailure failure) {
    return new PodIdentityException(
        reason(failure.kind()),
        failure.retryable(),
        String.valueOf(failure.getMessage()),
        failure.retryAfter().orElse(null),
        failure.getCause());
  }

  private static Reason reason(AgentFailure.Kind kind) {
    return switch (kind) {
      case NOT_CONFIGURED -> Reason.NOT_CONFIGURED;
      case TOKEN_UNREADABLE -> Reason.TOKEN_UNREADABLE;
      case TOKEN_EXPIRED -> Reason.TOKEN_EXPIRED;
      case TOKEN_WRONG_AUDIENCE -> Reason.TOKEN_WRONG_AUDIENCE;
      case AGENT_UNREACHABLE -> Reason.AGENT_UNREACHABLE;
      case AGENT_FAILED -> Reason.AGENT_FAILED;
      case THROTTLED -> Reason.THROTTLED;
      case NO_ASSOCIATION -> Reason.NO_ASSOCIATION;
      case REFUSED -> Reason.REFUSED;
      case BAD_ANSWER -> Reason.BAD_ANSWER;
    };
  }

  private static SdkClientException.Builder causedBy(@Nullable Throwable cause) {
    var builder = SdkClientException.builder();
    return cause == null ? builder : builder.cause(cause);
  }

  /** Why there are no credentials. */
  public Reason reason() {
    return reason;
  }

  /** Whether trying again a little later may help, with nothing changed by anybody. */
  @Override
  public boolean retryable() {
    return retryable;
  }

  /** How long the agent asks to wait before it is asked again; empty where it does not say. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The same failure for one more caller, who may attach to it what they like. */
  PodIdentityException again() {
    return new PodIdentityException(reason, retryable, text, retryAfter, this);
  }

  PodIdentityException afterAttempts(int attempts, Duration elapsed) {
    return new PodIdentityException(
        reason,
        retryable,
        text + " (tried " + attempts + " times in " + elapsed.toMillis() + " ms)",
        retryAfter,
        getCause());
  }

  // The SDK makes a copy to note how often it tried: without this, the copy would lose its type.
  @Override
  public Builder toBuilder() {
    return new Copy(this);
  }

  private static final class Copy extends BuilderImpl {
    private final PodIdentityException original;

    private Copy(PodIdentityException original) {
      super(original);
      this.original = original;
      message(original.rawMessage());
    }

    @Override
    public PodIdentityException build() {
      return new PodIdentityException(this);
    }
  }
}
