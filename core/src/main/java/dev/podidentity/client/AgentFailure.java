package dev.podidentity.client;

import static java.util.Objects.requireNonNull;

import dev.podidentity.pod.PodFailureReason;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod has no credentials: the one failure between the agent and the application. Its texts
 * never hold a token, a key or the body of an answer.
 */
public final class AgentFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final PodFailureReason reason;
  private final boolean retryable;
  private final String what;
  private final String remedy;
  private final String said;
  private final @Nullable Duration retryAfter;
  private final @Nullable ConnectFailure connectFailure;

  private AgentFailure(
      PodFailureReason reason,
      boolean retryable,
      String what,
      String remedy,
      @Nullable ConnectFailure connectFailure,
      @Nullable IOException cause) {
    super(what + ": " + remedy, cause);
    this.reason = requireNonNull(reason, "reason");
    this.retryable = retryable;
    this.what = what;
    this.remedy = remedy;
    this.said = "";
    this.retryAfter = null;
    this.connectFailure = connectFailure;
  }

  // A copy that knows more.
  private AgentFailure(
      AgentFailure original, String message, String said, @Nullable Duration retryAfter) {
    super(message, original.getCause());
    this.reason = original.reason;
    this.retryable = original.retryable;
    this.what = original.what;
    this.remedy = original.remedy;
    this.said = said;
    this.retryAfter = retryAfter;
    this.connectFailure = original.connectFailure;
  }

  /** A failure that lasts until somebody changes something. */
  public static AgentFailure lasting(PodFailureReason reason, String what, String remedy) {
    return new AgentFailure(reason, /* retryable= */ false, what, remedy, null, null);
  }

  /** The same, caused by this exception. */
  static AgentFailure lasting(
      PodFailureReason reason, String what, String remedy, IOException cause) {
    return new AgentFailure(reason, /* retryable= */ false, what, remedy, null, cause);
  }

  /** A failure that may be over a little later. */
  public static AgentFailure passing(PodFailureReason reason, String what, String remedy) {
    return new AgentFailure(reason, /* retryable= */ true, what, remedy, null, null);
  }

  /**
   * A request without an answer.
   *
   * @param timeout how long an answer was waited for
   */
  static AgentFailure unanswered(AgentEndpoint endpoint, Duration timeout, IOException cause) {
    ConnectFailure failure = ConnectFailure.of(cause, endpoint);
    return new AgentFailure(
        failure.reason(),
        failure.retryable(),
        failure.what(endpoint, timeout, cause),
        failure.remedy(),
        failure,
        cause);
  }

  /**
   * The same failure with what the agent adds to it.
   *
   * @param words what it says; empty for nothing that may be shown
   * @param retryAfter how long it asks to wait
   */
  AgentFailure answered(String words, @Nullable Duration retryAfter) {
    String suffix = words.isEmpty() ? "" : ". The agent says: \"" + words + "\"";
    return new AgentFailure(this, getMessage() + suffix, words, retryAfter);
  }

  /** The same failure, which stayed after as many attempts. */
  public AgentFailure afterAttempts(int attempts, Duration elapsed) {
    String suffix = " (tried " + attempts + " times in " + elapsed.toMillis() + " ms)";
    return new AgentFailure(this, getMessage() + suffix, said, retryAfter);
  }

  /** Why there are no credentials. */
  public PodFailureReason reason() {
    return reason;
  }

  /** Whether trying again a little later may help without any change. */
  public boolean retryable() {
    return retryable;
  }

  /** What failed, with the value that is wrong and what the agent says of it. */
  public String what() {
    return said.isEmpty() ? what : what + ", and says \"" + said + "\"";
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }

  /** How long the agent asks to wait before it is asked again; empty where it does not say. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Why the agent could not be reached; empty where it was. */
  public Optional<ConnectFailure> connectFailure() {
    return Optional.ofNullable(connectFailure);
  }
}
