package dev.podidentity.client;

import java.time.Instant;

/** What agents answer. */
public final class Answers {
  public static final String SECRET_KEY = "LocalSecret/do-not-print-me";
  public static final String SESSION_TOKEN = "LocalSessionToken/do-not-print-me-either";
  public static final String ACCOUNT = "111122223333";

  private Answers() {}

  public static String credentials(Instant expiration) {
    return credentials("ASIA0LOCAL0000000001", expiration);
  }

  public static String credentials(String accessKeyId, Instant expiration) {
    return with(accessKeyId, expiration, ", \"AccountId\": \"" + ACCOUNT + "\"");
  }

  public static String with(String accessKeyId, Instant expiration, String more) {
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

  public static String error(String code, String message) {
    return "{\"code\": \"" + code + "\", \"message\": \"" + message + "\"}";
  }
}
