package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;

/**
 * An inline session policy: what a session may do is what this and the role's policies both allow.
 * Prints as it was written.
 *
 * @param json an IAM policy, as JSON of at most 2,048 characters
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">
 *     AssumeRole, Policy</a>
 */
public record SessionPolicy(String json) {
  private static final int MAX_LENGTH = 2048;

  /**
   * A policy.
   *
   * @throws IllegalArgumentException if the text is too long, or not a JSON object with statements
   */
  public SessionPolicy {
    if (requireNonNull(json, "json").length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "The policy has "
              + json.length()
              + " characters, and STS takes a session policy of at most "
              + MAX_LENGTH);
    }
    try {
      if (!StrictJson.readObject(json).has("Statement")) {
        throw new IllegalArgumentException("The policy has no Statement");
      }
    } catch (InvalidJsonException e) {
      throw new IllegalArgumentException("The policy " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return json;
  }
}
