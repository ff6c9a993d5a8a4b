package dev.podidentity.credential;

import static java.util.Objects.requireNonNull;

/**
 * Credentials that were handed out, and where they came from.
 *
 * @param credentials the credentials
 * @param origin whether they were made for this request or kept from an earlier one
 */
public record Issuance(TemporaryCredentials credentials, Origin origin) {
  /** Where handed out credentials come from. */
  public enum Origin {
    /** The source made them for this request, or for one that was waiting at the same time. */
    FRESH,
    /** They were there already. */
    CACHED
  }

  /** Names an issuance. */
  public Issuance {
    requireNonNull(credentials, "credentials");
    requireNonNull(origin, "origin");
  }

  /** Credentials that were made now. */
  public static Issuance fresh(TemporaryCredentials credentials) {
    return new Issuance(credentials, Origin.FRESH);
  }

  /** Credentials that were there already. */
  public static Issuance cached(TemporaryCredentials credentials) {
    return new Issuance(credentials, Origin.CACHED);
  }
}
