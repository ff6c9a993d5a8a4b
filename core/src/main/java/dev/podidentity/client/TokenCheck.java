package dev.podidentity.client;

import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.JsonMembers;
import dev.podidentity.pod.PodFailureReason;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a pod can find wrong with its token, before the agent is asked. A text that is no service
 * account token is left to the agent: ECS and others have tokens of another form.
 */
public final class TokenCheck {
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);
  private static final Pattern ONE_WORD = Pattern.compile("[\\x21-\\x7e]+");

  private final Clock clock;

  /** A check against this clock. */
  public TokenCheck(Clock clock) {
    this.clock = clock;
  }

  /**
   * The token without the white space around it.
   *
   * @throws AgentFailure if the agent need not be asked with it
   */
  public String usable(TokenText read) {
    String origin = read.origin();
    String token = read.text().strip();
    if (token.isEmpty()) {
      throw unreadable(
          origin + " is empty",
          "check that the pod's projected volume is mounted there: the kubelet writes the token");
    }
    if (token.length() > ServiceAccountToken.MAX_LENGTH || !ONE_WORD.matcher(token).matches()) {
      throw unreadable(
          origin + " holds something else than a token",
          "expected is one line of at most " + ServiceAccountToken.MAX_LENGTH + " characters");
    }
    if (!isGoodAtAGlance(token)) {
      parse(token).ifPresent(parsed -> requireUsable(parsed, origin));
    }
    return token;
  }

  // Two claims are enough to pass. The whole token is read only to say what is wrong with it.
  private boolean isGoodAtAGlance(String token) {
    String[] parts = token.split("\\.", 3);
    if (parts.length < 3) {
      return false;
    }
    try {
      var claims = JsonMembers.read(Base64.getUrlDecoder().decode(parts[1]));
      Double expiry = claims.number("exp");
      return expiry != null
          && expiry > clock.instant().minus(CLOCK_SKEW).getEpochSecond()
          && claims.list("aud").contains(ServiceAccountToken.POD_IDENTITY_AUDIENCE);
    } catch (InvalidJsonException | IllegalArgumentException e) {
      return false;
    }
  }

  private static Optional<ServiceAccountToken> parse(String token) {
    try {
      return Optional.of(ServiceAccountToken.parse(token));
    } catch (InvalidTokenException e) {
      return Optional.empty();
    }
  }

  private void requireUsable(ServiceAccountToken token, String origin) {
    Instant now = clock.instant();
    if (!now.minus(CLOCK_SKEW).isBefore(token.expiresAt())) {
      throw AgentFailure.lasting(
          PodFailureReason.TOKEN_EXPIRED,
          origin
              + " holds a token of "
              + token.serviceAccount()
              + " that expired at "
              + token.expiresAt(),
          "the kubelet should have replaced it; check the node's kubelet and its clock, and that"
              + " the file is the projected one and no copy");
    }
    if (!token.audiences().contains(ServiceAccountToken.POD_IDENTITY_AUDIENCE)) {
      throw AgentFailure.lasting(
          PodFailureReason.TOKEN_WRONG_AUDIENCE,
          origin
              + " holds a token of "
              + token.serviceAccount()
              + " for another audience than "
              + ServiceAccountToken.POD_IDENTITY_AUDIENCE,
          "point AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE at the token that EKS Pod Identity"
              + " projects");
    }
  }

  private static AgentFailure unreadable(String what, String remedy) {
    return AgentFailure.lasting(PodFailureReason.TOKEN_UNREADABLE, what, remedy);
  }
}
