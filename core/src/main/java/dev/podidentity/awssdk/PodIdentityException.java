package dev.podidentity.awssdk;

import dev.podidentity.client.AgentFailure;
import dev.podidentity.pod.PodFailureReason;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Why an application in a pod has no credentials. The message says what failed, what to do about
 * it, and ends with the reason in brackets, which {@code docs/troubleshooting.md} explains; it
 * never holds a token, a key or the body of an answer. Each caller gets an exception of its own.
 */
public final class PodIdentityException extends SdkClientException {
  private static final long serialVersionUID = 1L;

  private final AgentFailure failure;

  PodIdentityException(AgentFailure failure) {
    super(
        causedBy(failure.getCause()).message(failure.getMessage() + " [" + failure.reason() + "]"));
    this.failure = failure;
  }

  private PodIdentityException(Copy copy) {
    super(copy);
    this.failure = copy.failure;
  }

  private static SdkClientException.Builder causedBy(@Nullable Throwable cause) {
    var builder = SdkClientException.builder();
    return cause == null ? builder : builder.cause(cause);
  }

  /** Why there are no credentials. */
  public PodFailureReason reason() {
    return failure.reason();
  }

  /** Whether trying again a little later may help without any change. */
  @Override
  public boolean retryable() {
    return failure.retryable();
  }

  /** How long the agent asks to wait before it is asked again; empty where it does not say. */
  public Optional<Duration> retryAfter() {
    return failure.retryAfter();
  }

  // The SDK makes a copy to note how often it tried: without this, the copy would lose its type.
  @Override
  public Builder toBuilder() {
    return new Copy(this);
  }

  private static final class Copy extends BuilderImpl {
    private final AgentFailure failure;

    private Copy(PodIdentityException original) {
      super(original);
      this.failure = original.failure;
      message(SdkFeatures.RAW_MESSAGES ? original.rawMessage() : original.getMessage());
    }

    @Override
    public PodIdentityException build() {
      return new PodIdentityException(this);
    }
  }
}
