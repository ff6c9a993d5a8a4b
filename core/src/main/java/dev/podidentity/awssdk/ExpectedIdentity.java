package dev.podidentity.awssdk;

import static java.util.Objects.requireNonNull;

import dev.podidentity.client.AgentFailure;
import dev.podidentity.pod.PodFailureReason;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose credentials an application takes. The account must be told by the agent; the role is held
 * against what is expected where the agent tells it.
 */
final class ExpectedIdentity {
  private static final Pattern ACCOUNT_ID = Pattern.compile("[0-9]{12}");
  // A role's own ARN has a path before its name, that of a session the session's name behind it.
  private static final Pattern ROLE =
      Pattern.compile(
          "arn:(?<partition>[a-z-]{1,32}):iam::(?<account>[0-9]{12})"
              + ":role/([!-~]{0,512}/)?(?<name>[\\w+=,.@-]{1,64})");
  private static final Pattern SESSION =
      Pattern.compile(
          "arn:(?<partition>[a-z-]{1,32}):sts::(?<account>[0-9]{12})"
              + ":assumed-role/(?<name>[\\w+=,.@-]{1,64})/[\\w+=,.@-]{2,64}");

  private final @Nullable String accountId;
  private final @Nullable String roleArn;

  /**
   * Expectations; null where anything will do.
   *
   * @throws IllegalArgumentException if one has not the form of its kind, or they contradict
   */
  ExpectedIdentity(@Nullable String accountId, @Nullable String roleArn) {
    if (accountId != null && !ACCOUNT_ID.matcher(accountId).matches()) {
      throw new IllegalArgumentException(
          "'" + accountId + "' is no AWS account: write its twelve digits");
    }
    this.roleArn = roleArn;
    this.accountId = roleArn == null ? accountId : account(roleArn);
    if (accountId != null && !accountId.equals(this.accountId)) {
      throw new IllegalArgumentException(
          "the expected role " + roleArn + " is not in the expected account " + accountId);
    }
  }

  private static String account(String roleArn) {
    Matcher role = ROLE.matcher(roleArn);
    if (!role.matches()) {
      throw new IllegalArgumentException(
          "'"
              + roleArn
              + "' is not the ARN of an IAM role: it looks like"
              + " arn:aws:iam::111122223333:role/my-role");
    }
    return requireNonNull(role.group("account"));
  }

  void require(AgentCredentials answer) {
    if (accountId != null && !accountId.equals(answer.accountId())) {
      throw wrong(
          answer.accountId() == null
              ? "of an account that it does not tell"
              : "of account " + answer.accountId(),
          "account " + accountId);
    }
    String told = answer.roleArn();
    if (roleArn != null && told != null && !isExpected(roleArn, told)) {
      throw wrong("of another role", roleArn);
    }
  }

  private static boolean isExpected(String expected, String told) {
    if (told.equals(expected)) {
      return true;
    }
    Matcher role = ROLE.matcher(expected);
    Matcher session = SESSION.matcher(told);
    return role.matches()
        && session.matches()
        && role.group("partition").equals(session.group("partition"))
        && role.group("account").equals(session.group("account"))
        && role.group("name").equals(session.group("name"));
  }

  private static AgentFailure wrong(String got, String expected) {
    return AgentFailure.lasting(
        PodFailureReason.WRONG_IDENTITY,
        "The agent answers with credentials " + got + ", expected is " + expected,
        "check the pod's service account and the role of its pod identity association");
  }
}
