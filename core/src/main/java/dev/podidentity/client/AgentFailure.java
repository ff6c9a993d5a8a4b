package dev.podidentity.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod has no credentials. What is said of it never holds a token, a key or the body of an
 * answer.
 */
public final class AgentFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why there are no credentials. */
  public enum Kind {
    /** No endpoint is set, or one that credentials are never asked from. */
    NOT_CONFIGURED,
    /** The token is missing, not to be read, or none. */
    TOKEN_UNREADABLE,
    /** The token is past its expiry. */
    TOKEN_EXPIRED,
    /** The token is meant for somebody else. */
    TOKEN_WRONG_AUDIENCE,
    /** There is no answer. */
    AGENT_UNREACHABLE,
    /** The agent answers that it failed. */
    AGENT_FAILED,
    /** Somebody asks too often. */
    THROTTLED,
    /** The service account has no association. */
    NO_ASSOCIATION,
    /** The request is refused. */
    REFUSED,
    /** The answer is none that holds credentials. */
    BAD_ANSWER
  }

  private final Kind kind;
  private final boolean retryable;
  private final String what;
  private final String remedy;
  private final String said;
  private final @Nullable Duration retryAfter;

  private AgentFailure(
      Kind kind,
      boolean retryable,
      String what,
      String remedy,
      String said,
      @Nullable Duration retryAfter) {
    super(what + ": " + remedy + (said.isEmpty() ? "" : ". The agent says: \"" + said + "\""));
    this.kind = requireNonNull(kind, "kind");
    this.retryable = retryable;
    this.what = what;
    this.remedy = remedy;
    this.said = said;
    this.retryAfter = retryAfter;
  }

  /** A failure that nothing but a change by somebody ends. */
  static AgentFailure lasting(Kind kind, String what, String remedy) {
    return new AgentFailure(kind, /* retryable= */ false, what, remedy, "", null);
  }

  /** A failure that may be over a little later. */
  static AgentFailure passing(Kind kind, String what, String remedy) {
    return new AgentFailure(kind, /* retryable= */ true, what, remedy, "", null);
  }

  /**
   * The same failure with what the agent adds to it.
   *
   * @param words what it says; empty for nothing that may be shown
   * @param pause how long it asks to wait
   */
  AgentFailure answered(String words, @Nullable Duration pause) {
    return new AgentFailure(kind, retryable, what, remedy, words, pause);
  }

  AgentFailure causedBy(Throwable cause) {
    initCause(cause);
    return this;
  }

  /** Why there are no credentials. */
  public Kind kind() {
    return kind;
  }

  /** Whether trying again a little later may help, with nothing changed by anybody. */
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
}
