package dev.podidentity.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes service account token (a JWT) and what it claims.
 *
 * <p><b>Claims are unverified.</b> Parsing checks form, never the signature: until a {@link
 * TokenVerifier} or EKS Auth has accepted the token, what it says may pick an error message, and
 * never whose credentials are answered.
 *
 * <p>Immutable. Two tokens are equal if their text is. {@code toString} shows the service account
 * and the expiry, never the token.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/storage/projected-volumes/">Projected service
 *     account tokens</a>
 */
public final class ServiceAccountToken {
  /** The longest token that is looked at: 16 KiB. */
  public static final int MAX_LENGTH = 16 * 1024;

  /** The audience of tokens that are meant for EKS Pod Identity. */
  public static final String POD_IDENTITY_AUDIENCE = "pods.eks.amazonaws.com";

  private final String value;
  private final String issuer;
  private final ServiceAccountRef serviceAccount;
  private final @Nullable String serviceAccountUid;
  private final @Nullable PodRef pod;
  private final List<String> audiences;
  private final Instant expiresAt;
  private final @Nullable Instant notBefore;
  private final @Nullable Instant issuedAt;

  ServiceAccountToken(String value, TokenClaims claims) {
    this.value = value;
    this.issuer = claims.issuer();
    this.serviceAccount = claims.serviceAccount();
    this.serviceAccountUid = claims.serviceAccountUid();
    this.pod = claims.pod();
    this.audiences = claims.audiences();
    this.expiresAt = claims.time("exp");
    this.notBefore = claims.optionalTime("nbf");
    this.issuedAt = claims.optionalTime("iat");
  }

  /**
   * Reads a token without verifying it.
   *
   * @param text the compact serialisation, nothing before or behind it
   * @throws InvalidTokenException {@link InvalidTokenException.Reason#TOO_LARGE} or {@link
   *     InvalidTokenException.Reason#MALFORMED}, and no other exception, whatever the text is
   */
  public static ServiceAccountToken parse(String text) {
    return TokenParser.parse(requireNonNull(text, "text"));
  }

  /**
   * Checks that the token is within its life.
   *
   * @param now the time to check at
   * @param skew how far the issuer's clock and this one may be apart; widens both ends
   * @throws InvalidTokenException {@link InvalidTokenException.Reason#EXPIRED} or {@link
   *     InvalidTokenException.Reason#NOT_YET_VALID}
   */
  public void requireValidAt(Instant now, Duration skew) {
    if (!now.minus(skew).isBefore(expiresAt)) {
      throw new InvalidTokenException(
          InvalidTokenException.Reason.EXPIRED,
          "The service account token of "
              + serviceAccount
              + " expired at "
              + expiresAt
              + ": read the token file again before each request, the kubelet keeps it fresh");
    }
    requireReached("nbf", notBefore, now.plus(skew));
    requireReached("iat", issuedAt, now.plus(skew));
  }

  private void requireReached(String claim, @Nullable Instant time, Instant latest) {
    if (time != null && latest.isBefore(time)) {
      throw new InvalidTokenException(
          InvalidTokenException.Reason.NOT_YET_VALID,
          "The service account token of "
              + serviceAccount
              + " is not valid before "
              + time
              + " (claim '"
              + claim
              + "'): check that the clocks of the node and of the control plane agree");
    }
  }

  /** The token itself: a secret, to be sent to the agent or to EKS Auth and nowhere else. */
  public String value() {
    return value;
  }

  /** The {@code iss} claim: which cluster's API server made the token. */
  public String issuer() {
    return issuer;
  }

  /** The service account that the token speaks for. */
  public ServiceAccountRef serviceAccount() {
    return serviceAccount;
  }

  /** The UID of the service account, where the token names it. */
  public Optional<String> serviceAccountUid() {
    return Optional.ofNullable(serviceAccountUid);
  }

  /** The pod that the token is bound to; empty for a token that is bound to none. */
  public Optional<PodRef> pod() {
    return Optional.ofNullable(pod);
  }

  /** The {@code aud} claim; empty where there is none. */
  public List<String> audiences() {
    return audiences;
  }

  /** The {@code exp} claim. */
  public Instant expiresAt() {
    return expiresAt;
  }

  /** The {@code nbf} claim. */
  public Optional<Instant> notBefore() {
    return Optional.ofNullable(notBefore);
  }

  /** The {@code iat} claim. */
  public Optional<Instant> issuedAt() {
    return Optional.ofNullable(issuedAt);
  }

  // The time that it takes does not tell how much of a guessed token is right.
  @Override
  @SuppressWarnings("ReferenceEquality") // the same text is equal without being looked at
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ServiceAccountToken that
            && MessageDigest.isEqual(value.getBytes(UTF_8), that.value.getBytes(UTF_8)));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "ServiceAccountToken[" + serviceAccount + ", expires " + expiresAt + "]";
  }
}
