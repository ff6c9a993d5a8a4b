package dev.podidentity.credential;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Temporary AWS credentials of a pod, and where they come from. Immutable. {@code toString} shows
 * the access key id and the expiry, never a secret.
 */
public final class TemporaryCredentials {
  /** Answers write years with four digits (RFC 3339). */
  private static final Instant LAST_EXPIRATION = Instant.parse("9999-12-31T23:59:59Z");

  private final String accessKeyId;
  private final String secretAccessKey;
  private final String sessionToken;
  private final String accountId;
  private final Instant expiration;
  private final @Nullable AssumedRoleUser assumedRoleUser;
  private final @Nullable AssociationRef association;
  private final @Nullable String requestId;
  private final @Nullable String issuer;

  private TemporaryCredentials(Builder builder) {
    accessKeyId = requireNonNull(builder.accessKeyId, "accessKeyId");
    secretAccessKey = requireNonNull(builder.secretAccessKey, "secretAccessKey");
    sessionToken = requireNonNull(builder.sessionToken, "sessionToken");
    accountId = requireNonNull(builder.accountId, "accountId");
    expiration = requireNonNull(builder.expiration, "expiration");
    if (expiration.isAfter(LAST_EXPIRATION)) {
      throw new IllegalArgumentException(
          "credentials cannot expire at " + expiration + ": the last year is 9999");
    }
    assumedRoleUser = builder.assumedRoleUser;
    association = builder.association;
    requestId = builder.requestId;
    issuer = builder.issuer;
  }

  /**
   * Starts credentials; all members but the role session, the association, the request id and the
   * issuer are required.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** The access key id; identifies the credentials and is no secret. */
  public String accessKeyId() {
    return accessKeyId;
  }

  /** The secret access key. */
  public String secretAccessKey() {
    return secretAccessKey;
  }

  /** The session token; as secret as the key. */
  public String sessionToken() {
    return sessionToken;
  }

  /** The account of the role, twelve digits. */
  public String accountId() {
    return accountId;
  }

  /** When AWS stops accepting the credentials. */
  public Instant expiration() {
    return expiration;
  }

  /** The role session, where the source tells it. */
  public Optional<AssumedRoleUser> assumedRoleUser() {
    return Optional.ofNullable(assumedRoleUser);
  }

  /** The association, where the source tells it. */
  public Optional<AssociationRef> association() {
    return Optional.ofNullable(association);
  }

  /** The upstream service's id of the request that made them, as its own log has it. */
  public Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }

  /** Who made them, where the source tells it: one of few names, such as {@code EKS Auth}. */
  public Optional<String> issuer() {
    return Optional.ofNullable(issuer);
  }

  /** How long the credentials are still good for; negative once they have expired. */
  public Duration remainingAt(Instant now) {
    return Duration.between(now, expiration);
  }

  @Override
  public String toString() {
    return "TemporaryCredentials[" + accessKeyId + ", expires " + expiration + "]";
  }

  /** Collects the members of credentials. Not thread-safe. */
  public static final class Builder {
    private @Nullable String accessKeyId;
    private @Nullable String secretAccessKey;
    private @Nullable String sessionToken;
    private @Nullable String accountId;
    private @Nullable Instant expiration;
    private @Nullable AssumedRoleUser assumedRoleUser;
    private @Nullable AssociationRef association;
    private @Nullable String requestId;
    private @Nullable String issuer;

    private Builder() {}

    /** Sets the access key id. */
    public Builder accessKeyId(String accessKeyId) {
      this.accessKeyId = accessKeyId;
      return this;
    }

    /** Sets the secret access key. */
    public Builder secretAccessKey(String secretAccessKey) {
      this.secretAccessKey = secretAccessKey;
      return this;
    }

    /** Sets the session token. */
    public Builder sessionToken(String sessionToken) {
      this.sessionToken = sessionToken;
      return this;
    }

    /** Sets the account. */
    public Builder accountId(String accountId) {
      this.accountId = accountId;
      return this;
    }

    /** Sets the expiry. */
    public Builder expiration(Instant expiration) {
      this.expiration = expiration;
      return this;
    }

    /** Sets the role session. */
    public Builder assumedRoleUser(@Nullable AssumedRoleUser assumedRoleUser) {
      this.assumedRoleUser = assumedRoleUser;
      return this;
    }

    /** Sets the association. */
    public Builder association(@Nullable AssociationRef association) {
      this.association = association;
      return this;
    }

    /** Sets the upstream service's id of the request that made them. */
    public Builder requestId(@Nullable String requestId) {
      this.requestId = requestId;
      return this;
    }

    /** Sets who made them: a constant of the source, and nothing that a pod can choose. */
    public Builder issuer(@Nullable String issuer) {
      this.issuer = issuer;
      return this;
    }

    /**
     * The credentials.
     *
     * @throws NullPointerException if a required member is missing
     * @throws IllegalArgumentException if they expire after the year 9999
     */
    public TemporaryCredentials build() {
      return new TemporaryCredentials(this);
    }
  }
}
