package dev.podidentity.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.podidentity.token.InvalidTokenException.Reason;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies with the keys of a JWK Set; the signature's own work is nimbus'. */
final class JwksTokenVerifier implements TokenVerifier {
  /** Asymmetric ones only: with HMAC, whoever knows the public key could sign. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final String issuer;
  private final ClusterKeys keys;
  private final Clock clock;
  private final Duration skew;
  private final DefaultJWTProcessor<SecurityContext> signatures = new DefaultJWTProcessor<>();

  JwksTokenVerifier(String issuer, ClusterKeys keys, Clock clock, Duration skew) {
    this.issuer = issuer;
    this.keys = keys;
    this.clock = clock;
    this.skew = skew;
    signatures.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, sameAlgorithm(keys)));
    // Times and audience are checked here, against the injected clock.
    signatures.setJWTClaimsSetVerifier((claims, context) -> {});
  }

  @Override
  public void verify(ServiceAccountToken token) {
    token.requireValidAt(clock.instant(), skew);
    if (!token.issuer().equals(issuer)) {
      throw new InvalidTokenException(
          Reason.WRONG_ISSUER,
          "The service account token of "
              + token.serviceAccount()
              + " was issued by another cluster: its issuer is not "
              + issuer);
    }
    if (!token.audiences().contains(ServiceAccountToken.POD_IDENTITY_AUDIENCE)) {
      throw new InvalidTokenException(
          Reason.WRONG_AUDIENCE,
          "The service account token of "
              + token.serviceAccount()
              + " is not meant for the audience "
              + ServiceAccountToken.POD_IDENTITY_AUDIENCE
              + ": send the token that EKS Pod Identity mounts, not the default one");
    }
    if (token.pod().isEmpty() || token.serviceAccountUid().isEmpty()) {
      throw new InvalidTokenException(
          Reason.MALFORMED,
          "The service account token of "
              + token.serviceAccount()
              + " does not name its pod and its service account with their UIDs: send the token"
              + " that EKS Pod Identity mounts");
    }
    verifySignature(token);
  }

  // RFC 8725, section 3.1: a key is used with one algorithm only.
  private static JWKSource<SecurityContext> sameAlgorithm(JWKSource<SecurityContext> keys) {
    return (selector, context) ->
        keys.get(selector, context).stream()
            .filter(key -> selector.getMatcher().getAlgorithms().contains(KeySet.algorithm(key)))
            .toList();
  }

  private static @Nullable String keyId(ServiceAccountToken token) {
    try {
      return JWSObject.parse(token.value()).getHeader().getKeyID();
    } catch (ParseException e) {
      return null;
    }
  }

  // What fetches keys says it best: the library only wraps it.
  private static String bottom(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof IOException)) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private void verifySignature(ServiceAccountToken token) {
    try {
      signatures.process(token.value(), null);
    } catch (KeySourceException e) {
      throw new KeysUnavailableException(
          "The cluster's signing keys are unavailable: " + bottom(e), e);
    } catch (BadJOSEException | JOSEException | ParseException e) {
      throw new InvalidTokenException(
          Reason.BAD_SIGNATURE,
          "The service account token of "
              + token.serviceAccount()
              + " is not signed with a key of the cluster whose issuer is "
              + issuer
              + keys.whyNot(keyId(token)).map(why -> ": " + why).orElse(""));
    }
  }
}
