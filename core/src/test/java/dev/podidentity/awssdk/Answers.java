package dev.podidentity.awssdk;

import java.time.Instant;

/** What agents answer. */
final class Answers {
  static final String SECRET_KEY = "LocalSecret/do-not-print-me";
  static final String SESSION_TOKEN = "LocalSessionToken/do-not-print-me-either";
  static final String ACCOUNT = "111122223333";

  private Answers() {}

  static String credentials(Instant expiration) {
    return credentials("ASIA0LOCAL0000000001", expiration);
  }

  static String credentials(String accessKeyId, Instant expiration) {
    return with(accessKeyId, expiration, ", \"AccountId\": \"" + ACCOUNT + "\"");
  }

  static String with(String accessKeyId, Instant expiration, String more) {
    return "{\"AccessKeyId\": \""
        + accessKeyId
        + "\", \"SecretAccessKey\": \""
        + SECRET_KEY
        + "\", \"Token\": \""
        + SESSION_TOKEN
        + "\", \"Expiration\": \""
        + expiration
        + "\""
        + more
        + "}";
  }

  static String error(String code, String message) {
    return "{\"code\": \"" + code + "\", \"message\": \"" + message + "\"}";
  }
}
