package dev.podidentity.credential;

import dev.podidentity.token.InvalidTokenException;

/** What an unacceptable token is called where credentials are asked for. */
public final class TokenFailures {
  private TokenFailures() {}

  /** The same failure, with EKS Auth's name for it. */
  public static CredentialException toCredentialException(InvalidTokenException e) {
    FailureReason reason =
        switch (e.reason()) {
          case EXPIRED -> FailureReason.EXPIRED_TOKEN;
          case TOO_LARGE, MALFORMED, NOT_YET_VALID, WRONG_ISSUER, WRONG_AUDIENCE, BAD_SIGNATURE ->
              FailureReason.INVALID_TOKEN;
        };
    return new CredentialException(reason, messageOf(e), null, null, e);
  }

  private static String messageOf(Throwable e) {
    return String.valueOf(e.getMessage());
  }
}
