package dev.podidentity.awssdk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.awssdk.PodIdentityException.Reason;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.useragent.BusinessMetricFeatureId;

/**
 * What the agent answers with status 200. Prints as its expiry alone.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">
 *     Container credentials provider</a>
 */
final class AgentCredentials {
  // The name by which the SDK reports credentials of its own container provider.
  private static final String PROVIDER_NAME = BusinessMetricFeatureId.CREDENTIALS_HTTP.value();
  private static final Pattern ONE_WORD = Pattern.compile("[\\x21-\\x7e]+");
  private static final Pattern ACCOUNT_ID = Pattern.compile("[0-9]{12}");

  private final AwsSessionCredentials credentials;
  private final Instant expiration;
  private final @Nullable String accountId;
  private final @Nullable String roleArn;

  private AgentCredentials(ObjectNode json) {
    expiration = expiration(required(json, "Expiration"));
    accountId = StrictJson.text(json, "AccountId");
    roleArn = StrictJson.text(json, "RoleArn");
    if (accountId != null && !ACCOUNT_ID.matcher(accountId).matches()) {
      throw bad("has an AccountId that is none", false);
    }
    var builder =
        AwsSessionCredentials.builder()
            .accessKeyId(required(json, "AccessKeyId"))
            .secretAccessKey(required(json, "SecretAccessKey"))
            .sessionToken(required(json, "Token"))
            .expirationTime(expiration)
            .providerName(PROVIDER_NAME);
    credentials = accountId == null ? builder.build() : builder.accountId(accountId).build();
  }

  static AgentCredentials parse(byte[] body, Instant now) {
    AgentCredentials parsed;
    try {
      parsed = new AgentCredentials(StrictJson.readObject(body));
    } catch (InvalidJsonException e) {
      // An agent that is being restarted can leave half an answer behind.
      throw bad(e.getMessage() + ": try again", true);
    }
    if (!now.isBefore(parsed.expiration)) {
      throw bad(
          "holds credentials that expired at "
              + parsed.expiration
              + ": the agent should have renewed them; check its log, and the node's clock",
          true);
    }
    return parsed;
  }

  private static String required(ObjectNode json, String member) {
    String text = StrictJson.text(json, member);
    if (text == null || !ONE_WORD.matcher(text).matches()) {
      throw bad("has no usable member '" + member + "': check what listens there", false);
    }
    return text;
  }

  private static Instant expiration(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      // The cause is left out: it quotes the answer.
      throw bad("has a member 'Expiration' that is no time: check what listens there", false);
    }
  }

  private static PodIdentityException bad(String what, boolean retryable) {
    return new PodIdentityException(
        Reason.BAD_ANSWER, retryable, "The answer of the agent " + what);
  }

  AwsSessionCredentials credentials() {
    return credentials;
  }

  Instant expiration() {
    return expiration;
  }

  /** Null where the agent does not tell it. */
  @Nullable String accountId() {
    return accountId;
  }

  /** Null where the agent does not tell it; an agent on ECS does. */
  @Nullable String roleArn() {
    return roleArn;
  }

  @Override
  public String toString() {
    return "AgentCredentials[expires " + expiration + "]";
  }
}
