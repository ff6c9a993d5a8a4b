package dev.podidentity.token;

import static java.util.Objects.requireNonNull;

/**
 * A service account token that is not acceptable. The message says why and what to do, and never
 * holds any part of the token.
 */
public final class InvalidTokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a token is not acceptable. */
  public enum Reason {
    /** Longer than {@link ServiceAccountToken#MAX_LENGTH}. */
    TOO_LARGE,
    /** Not a JSON Web Token with the claims of a Kubernetes service account token. */
    MALFORMED,
    /** Its {@code exp} is past. */
    EXPIRED,
    /** Its {@code nbf} or {@code iat} is still to come. */
    NOT_YET_VALID,
    /** Issued by another cluster. */
    WRONG_ISSUER,
    /** Made for somebody else than EKS Pod Identity. */
    WRONG_AUDIENCE,
    /** Signed with an algorithm or a key that the cluster does not use, or not by that key. */
    BAD_SIGNATURE
  }

  private final Reason reason;

  /** An unacceptable token; the message must not hold any part of it. */
  public InvalidTokenException(Reason reason, String message) {
    super(requireNonNull(message, "message"));
    this.reason = requireNonNull(reason, "reason");
  }

  /** Why the token is not acceptable. */
  public Reason reason() {
    return reason;
  }
}
