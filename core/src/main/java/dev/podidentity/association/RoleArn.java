package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ARN of an IAM role. Prints as IAM writes it.
 *
 * @param partition {@code aws}, {@code aws-cn}, {@code aws-us-gov}, …
 * @param accountId twelve digits
 * @param path starts and ends with a slash; {@code /} alone for most roles
 * @param name the role's name, of at most 64 characters
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html">IAM
 *     identifiers</a>
 */
public record RoleArn(String partition, String accountId, String path, String name) {
  private static final int MAX_LENGTH = 2048;
  private static final Pattern FORM =
      Pattern.compile(
          "arn:(?<partition>aws(-[a-z]{1,8}){0,4})"
              + ":iam::(?<account>[0-9]{12}):role(?<path>/([!-.0-~]{1,510}/)?"
              + "|/[!-~]{1,510}/)(?<name>[\\w+=,.@-]{1,64})");

  /** Checks the parts together. */
  public RoleArn {
    requireNonNull(partition, "partition");
    requireNonNull(accountId, "accountId");
    requireNonNull(path, "path");
    requireNonNull(name, "name");
    matcher("arn:" + partition + ":iam::" + accountId + ":role" + path + name);
  }

  /**
   * Reads an ARN such as {@code arn:aws:iam::111122223333:role/my-role}.
   *
   * @throws IllegalArgumentException if the text is not the ARN of an IAM role
   */
  public static RoleArn parse(String text) {
    Matcher form = matcher(requireNonNull(text, "text"));
    return new RoleArn(
        form.group("partition"), form.group("account"), form.group("path"), form.group("name"));
  }

  private static Matcher matcher(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > MAX_LENGTH || !form.matches()) {
      throw new IllegalArgumentException(
          "'"
              + (text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text)
              + "' is not the ARN of an IAM role: it looks like"
              + " arn:aws:iam::111122223333:role/my-role");
    }
    return form;
  }

  @Override
  public String toString() {
    return "arn:" + partition + ":iam::" + accountId + ":role" + path + name;
  }
}
