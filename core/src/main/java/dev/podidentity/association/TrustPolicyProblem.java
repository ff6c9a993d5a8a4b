package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

/**
 * What keeps a trust policy from letting an association work.
 *
 * @param kind what kind of problem
 * @param message what is wrong and what to write instead
 */
public record TrustPolicyProblem(Kind kind, String message) {
  /** The kinds of problems. */
  public enum Kind {
    /** The document is not an IAM policy. */
    NOT_A_POLICY,
    /** No statement allows who has to assume the role. */
    PRINCIPAL_MISSING,
    /** {@code sts:AssumeRole} is not allowed. */
    ASSUME_ROLE_MISSING,
    /** {@code sts:TagSession} is not allowed, and sessions have tags. */
    TAG_SESSION_MISSING,
    /** The external id is not asked for: any role that is allowed could be made to come here. */
    EXTERNAL_ID_NOT_REQUIRED,
    /** A condition does not hold for this association. */
    CONDITION_FAILS,
    /** A condition depends on the pod, or is of a kind that only AWS can judge. */
    CONDITION_UNKNOWN,
    /** A statement denies it. */
    DENIED;

    /** Whether the role cannot be assumed because of it, as far as is known. */
    public boolean refuses() {
      return this != CONDITION_UNKNOWN && this != EXTERNAL_ID_NOT_REQUIRED;
    }
  }

  /** A problem. */
  public TrustPolicyProblem {
    requireNonNull(kind, "kind");
    requireNonNull(message, "message");
  }
}
