package dev.podidentity.client;

import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.JsonMembers;
import dev.podidentity.pod.PodFailureReason;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the agent answers with status 200. Prints as its expiry alone.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">
 *     Container credentials provider</a>
 */
public final class AgentAnswer {
  private static final Pattern ONE_WORD = Pattern.compile("[\\x21-\\x7e]+");
  // As the AWS SDK takes it: an offset may lack its colon.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX]")
          .toFormatter(Locale.ROOT);
  private static final Pattern ACCOUNT_ID = Pattern.compile("[0-9]{12}");

  private final String accessKeyId;
  private final String secretAccessKey;
  private final @Nullable String sessionToken;
  private final Instant expiration;
  private final @Nullable String accountId;
  private final @Nullable String roleArn;

  private AgentAnswer(JsonMembers json, String agent) {
    expiration = expiration(required(json, "Expiration", agent), agent);
    String account = json.text("AccountId");
    accountId = account == null || account.isEmpty() ? null : account;
    roleArn = json.text("RoleArn");
    if (accountId != null && !ACCOUNT_ID.matcher(accountId).matches()) {
      throw useless(agent, "has an AccountId that is none");
    }
    accessKeyId = required(json, "AccessKeyId", agent);
    secretAccessKey = required(json, "SecretAccessKey", agent);
    sessionToken = json.text("Token") == null ? null : required(json, "Token", agent);
  }

  static AgentAnswer parse(byte[] body, AgentEndpoint endpoint, Instant now) {
    String agent = "The answer of the agent at " + endpoint + " ";
    AgentAnswer parsed;
    try {
      parsed = new AgentAnswer(JsonMembers.read(body), agent);
    } catch (InvalidJsonException e) {
      // An agent that is being restarted can leave half an answer behind.
      throw AgentFailure.passing(
          PodFailureReason.BAD_ANSWER,
          agent + e.getMessage(),
          "try again; if it lasts, check what listens there");
    }
    if (!now.isBefore(parsed.expiration)) {
      throw AgentFailure.passing(
          PodFailureReason.BAD_ANSWER,
          agent + "holds credentials that expired at " + parsed.expiration,
          "the agent should have renewed them; check its log, and the node's clock");
    }
    return parsed;
  }

  private static String required(JsonMembers json, String member, String agent) {
    String text = json.text(member);
    if (text == null || !ONE_WORD.matcher(text).matches()) {
      throw useless(agent, "has no usable member '" + member + "'");
    }
    return text;
  }

  private static Instant expiration(String text, String agent) {
    try {
      return TIME.parse(text, Instant::from);
    } catch (DateTimeException e) {
      // The cause is left out: it quotes the answer.
      throw useless(agent, "has a member 'Expiration' that is no time");
    }
  }

  private static AgentFailure useless(String agent, String what) {
    return AgentFailure.lasting(
        PodFailureReason.BAD_ANSWER, agent + what, "check what listens there");
  }

  /** The access key id; identifies the credentials and is no secret. */
  public String accessKeyId() {
    return accessKeyId;
  }

  /** The secret access key. */
  public String secretAccessKey() {
    return secretAccessKey;
  }

  /** The session token, as secret as the key; null where the agent gives credentials of a user. */
  public @Nullable String sessionToken() {
    return sessionToken;
  }

  /** When AWS stops accepting the credentials. */
  public Instant expiration() {
    return expiration;
  }

  /** Null where the agent does not tell it. */
  public @Nullable String accountId() {
    return accountId;
  }

  /** Null where the agent does not tell it; an agent on ECS does. */
  public @Nullable String roleArn() {
    return roleArn;
  }

  @Override
  public String toString() {
    return "AgentAnswer[expires " + expiration + "]";
  }
}
