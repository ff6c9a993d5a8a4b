package dev.podidentity.token;

import static java.util.Objects.requireNonNull;

import dev.podidentity.schedule.Ticker;
import java.time.Clock;
import java.time.Duration;

/**
 * Decides on this machine whether a service account token is genuine and meant for EKS Pod
 * Identity. Implementations are thread-safe.
 */
@FunctionalInterface
public interface TokenVerifier {
  /**
   * Returns normally only if the token was signed by the cluster, names its issuer, is meant for
   * the audience {@value ServiceAccountToken#POD_IDENTITY_AUDIENCE}, is within its life, and names
   * its namespace, service account and pod with their UIDs.
   *
   * @throws InvalidTokenException if the token is not acceptable, and never will be
   * @throws KeysUnavailableException if that cannot be decided now
   */
  void verify(ServiceAccountToken token);

  /**
   * A verifier with keys that are at hand: they are asked for at each verification. Needs the
   * library {@code nimbus-jose-jwt}, which {@code pod-identity-core} does not bring.
   *
   * @param issuer the cluster's issuer, which a token's {@code iss} must equal
   * @param keys the cluster's public keys
   * @param clock the time that a token's life is held against
   * @param skew how far the API server's clock and this one may be apart
   */
  static TokenVerifier jwks(String issuer, JwksSource keys, Clock clock, Duration skew) {
    return new JwksTokenVerifier(
        requireNonNull(issuer, "issuer"),
        ClusterKeys.uncached(requireNonNull(keys, "keys"), requireNonNull(clock, "clock")),
        clock,
        requireNonNull(skew, "skew"));
  }

  /**
   * A verifier with keys that come over the network: they are kept, fetched again for an unknown
   * key id, and used on while newer ones cannot be had, also after a restart if there is a file.
   * Needs the library {@code nimbus-jose-jwt}, which {@code pod-identity-core} does not bring.
   *
   * @param issuer the cluster's issuer, which a token's {@code iss} must equal
   * @param keys the cluster's public keys
   * @param clock the time that tokens are held against, and keys of the file
   * @param skew how far the API server's clock and this one may be apart
   * @param settings how keys are kept
   */
  static TokenVerifier jwks(
      String issuer, JwksSource keys, Clock clock, Duration skew, JwksSettings settings) {
    return jwks(issuer, keys, clock, Ticker.system(), skew, settings);
  }

  /**
   * The same.
   *
   * @param ticker measures how old keys are, and how often they are fetched; those of the file are
   *     held against the clock
   */
  static TokenVerifier jwks(
      String issuer,
      JwksSource keys,
      Clock clock,
      Ticker ticker,
      Duration skew,
      JwksSettings settings) {
    return new JwksTokenVerifier(
        requireNonNull(issuer, "issuer"),
        ClusterKeys.cached(
            requireNonNull(keys, "keys"),
            requireNonNull(settings, "settings"),
            requireNonNull(clock, "clock"),
            requireNonNull(ticker, "ticker")),
        clock,
        requireNonNull(skew, "skew"));
  }
}
