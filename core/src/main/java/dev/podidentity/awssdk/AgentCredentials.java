package dev.podidentity.awssdk;

import dev.podidentity.client.AgentAnswer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** What the agent answers, as the SDK has it. Prints as its expiry alone. */
final class AgentCredentials {
  // The feature id by which the SDK reports credentials of its own container provider. It has a
  // constant for it since 2.35.
  private static final String PROVIDER_NAME = "z";

  private final AgentAnswer answer;
  private final AwsCredentials credentials;

  AgentCredentials(AgentAnswer answer) {
    this.answer = answer;
    String sessionToken = answer.sessionToken();
    credentials = sessionToken == null ? basic(answer) : session(answer, sessionToken);
  }

  private static AwsCredentials basic(AgentAnswer answer) {
    if (!SdkFeatures.PROVIDER_NAMES) {
      return AwsBasicCredentials.create(answer.accessKeyId(), answer.secretAccessKey());
    }
    var builder =
        AwsBasicCredentials.builder()
            .accessKeyId(answer.accessKeyId())
            .secretAccessKey(answer.secretAccessKey())
            .providerName(PROVIDER_NAME);
    String accountId = answer.accountId();
    return accountId == null || !SdkFeatures.ACCOUNTS
        ? builder.build()
        : builder.accountId(accountId).build();
  }

  private static AwsCredentials session(AgentAnswer answer, String sessionToken) {
    var builder =
        AwsSessionCredentials.builder()
            .accessKeyId(answer.accessKeyId())
            .secretAccessKey(answer.secretAccessKey())
            .sessionToken(sessionToken)
            .expirationTime(answer.expiration());
    if (SdkFeatures.PROVIDER_NAMES) {
      builder = builder.providerName(PROVIDER_NAME);
    }
    String accountId = answer.accountId();
    return accountId == null || !SdkFeatures.ACCOUNTS
        ? builder.build()
        : builder.accountId(accountId).build();
  }

  AwsCredentials credentials() {
    return credentials;
  }

  Instant expiration() {
    return answer.expiration();
  }

  /** Null where the agent does not tell it. */
  @Nullable String accountId() {
    return answer.accountId();
  }

  /** Null where the agent does not tell it; an agent on ECS does. */
  @Nullable String roleArn() {
    return answer.roleArn();
  }

  @Override
  public String toString() {
    return "AgentCredentials[expires " + expiration() + "]";
  }
}
