package dev.podidentity.server.operations;

import static java.util.Objects.requireNonNull;

/**
 * What a check found.
 *
 * @param name what was checked, such as {@code addresses}
 * @param outcome how it stands
 * @param reason why, for a person; never a secret
 */
public record CheckResult(String name, Outcome outcome, String reason) {

  /** How it stands with what was checked. */
  public enum Outcome {
    /** As it should be. */
    OK,
    /** Not as it should be. */
    FAILED,
    /** Not known in time. */
    TIMED_OUT
  }

  /** A finding. */
  public CheckResult {
    requireNonNull(name, "name");
    requireNonNull(outcome, "outcome");
    requireNonNull(reason, "reason");
  }

  /** All is well. */
  public static CheckResult ok(String name, String reason) {
    return new CheckResult(name, Outcome.OK, reason);
  }

  /** Something is wrong. */
  public static CheckResult failed(String name, String reason) {
    return new CheckResult(name, Outcome.FAILED, reason);
  }

  /** Whether all is well. */
  public boolean isOk() {
    return outcome == Outcome.OK;
  }
}
