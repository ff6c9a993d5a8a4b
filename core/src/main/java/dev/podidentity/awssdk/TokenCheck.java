package dev.podidentity.awssdk;

import dev.podidentity.awssdk.PodIdentityException.Reason;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a pod can find wrong with its token, before the agent is asked. A text that is no service
 * account token is left to the agent: ECS and others have tokens of another form.
 */
final class TokenCheck {
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);
  private static final Pattern ONE_WORD = Pattern.compile("[\\x21-\\x7e]+");

  private final Clock clock;

  TokenCheck(Clock clock) {
    this.clock = clock;
  }

  /**
   * The token without the white space around it.
   *
   * @param text what was read
   * @param origin where it was read from, as the subject of a message
   */
  String usable(String text, String origin) {
    String token = text.strip();
    if (token.isEmpty()) {
      throw unreadable(origin + " is empty: the kubelet should have written a token to it");
    }
    if (token.length() > ServiceAccountToken.MAX_LENGTH || !ONE_WORD.matcher(token).matches()) {
      throw unreadable(
          origin
              + " holds something else than a token: expected is one line of at most "
              + ServiceAccountToken.MAX_LENGTH
              + " characters");
    }
    parse(token).ifPresent(parsed -> requireUsable(parsed, origin));
    return token;
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
      throw new PodIdentityException(
          Reason.TOKEN_EXPIRED,
          false,
          origin
              + " holds a token of "
              + token.serviceAccount()
              + " that expired at "
              + token.expiresAt()
              + ": the kubelet should have replaced it; check the node's kubelet and its clock, and"
              + " that the file is the projected one and no copy");
    }
    if (!token.audiences().contains(ServiceAccountToken.POD_IDENTITY_AUDIENCE)) {
      throw new PodIdentityException(
          Reason.TOKEN_WRONG_AUDIENCE,
          false,
          origin
              + " holds a token of "
              + token.serviceAccount()
              + " for another audience than "
              + ServiceAccountToken.POD_IDENTITY_AUDIENCE
              + ": point AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE at the token that EKS Pod Identity"
              + " projects");
    }
  }

  private static PodIdentityException unreadable(String message) {
    return new PodIdentityException(Reason.TOKEN_UNREADABLE, false, message);
  }
}
