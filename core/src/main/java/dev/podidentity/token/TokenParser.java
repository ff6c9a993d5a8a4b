package dev.podidentity.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import dev.podidentity.token.InvalidTokenException.Reason;
import java.util.Base64;
import java.util.regex.Pattern;

/** The compact serialisation of RFC 7515, section 7.1, without its signature being checked. */
final class TokenParser {
  private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");
  private static final int PARTS = 3;

  private TokenParser() {}

  static ServiceAccountToken parse(String text) {
    if (text.length() > ServiceAccountToken.MAX_LENGTH) {
      throw new InvalidTokenException(
          Reason.TOO_LARGE,
          "The service account token is longer than "
              + ServiceAccountToken.MAX_LENGTH
              + " characters: send the projected token and nothing else");
    }
    if (text.indexOf(' ') >= 0) {
      throw malformed("has a space in it (no scheme such as 'Bearer' goes before it)");
    }
    String[] parts = text.split("\\.", PARTS + 1);
    if (parts.length != PARTS) {
      throw malformed("does not have the three parts of a JSON Web Token");
    }
    object("header", parts[0]);
    var claims = object("payload", parts[1]);
    decode("signature", parts[2]);
    return new ServiceAccountToken(text, new TokenClaims(claims));
  }

  static InvalidTokenException malformed(String what) {
    return new InvalidTokenException(
        Reason.MALFORMED,
        "The service account token "
            + what
            + ": send the text of the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names");
  }

  private static ObjectNode object(String part, String text) {
    try {
      return StrictJson.readObject(decode(part, text));
    } catch (InvalidJsonException e) {
      throw malformed("has a " + part + " that " + e.getMessage());
    }
  }

  private static byte[] decode(String part, String text) {
    if (BASE64URL.matcher(text).matches()) {
      try {
        return Base64.getUrlDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        // A single character behind a full group of four is no base64 either.
      }
    }
    throw malformed("has a " + part + " that is not base64url");
  }
}
