package dev.podidentity.credential;

import static java.util.Objects.requireNonNull;

/**
 * The role session that credentials belong to.
 *
 * @param arn {@code arn:aws:sts::<account>:assumed-role/<role>/<session>}
 * @param assumeRoleId the role's unique id, a colon, and the session's name
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumedRoleUser.html">
 *     AssumedRoleUser</a>
 */
public record AssumedRoleUser(String arn, String assumeRoleId) {
  private static final int ACCOUNT_FIELD = 4;
  private static final int FIELDS = 6;

  /** Names a role session. */
  public AssumedRoleUser {
    requireNonNull(arn, "arn");
    requireNonNull(assumeRoleId, "assumeRoleId");
    if (arn.split(":", FIELDS).length != FIELDS) {
      throw new IllegalArgumentException("'" + arn + "' is not the ARN of a role session");
    }
  }

  /** The account that the role is in, as its ARN says. */
  public String accountId() {
    return arn.split(":", FIELDS)[ACCOUNT_FIELD];
  }
}
