package dev.podidentity.credential.cache;

import dev.podidentity.token.ServiceAccountToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** Tokens of the form that Kubernetes gives them, with signatures that nobody checks. */
final class TestTokens {
  static final Duration LIFETIME = Duration.ofHours(24);

  private static final String ISSUER = "https://oidc.eks.us-west-2.amazonaws.com/id/CLUSTER";

  private TestTokens() {}

  static ServiceAccountToken of(String pod, Instant issuedAt) {
    return of(pod, "my-app", issuedAt, LIFETIME, "genuine");
  }

  static ServiceAccountToken forged(
      String pod, String serviceAccount, Instant issuedAt, int number) {
    return of(pod, serviceAccount, issuedAt, LIFETIME, "forged" + number);
  }

  static boolean isForged(ServiceAccountToken token) {
    String signature = token.value().substring(token.value().lastIndexOf('.') + 1);
    return new String(Base64.getUrlDecoder().decode(signature), StandardCharsets.UTF_8)
        .startsWith("forged");
  }

  static ServiceAccountToken of(
      String pod, String serviceAccount, Instant issuedAt, Duration lifetime, String signature) {
    String podClaim = "\"pod\":{\"name\":\"%s\",\"uid\":\"uid-%s\"},".formatted(pod, pod);
    return token(podClaim, serviceAccount, issuedAt, lifetime, signature);
  }

  static ServiceAccountToken withoutPod(String serviceAccount, Instant issuedAt) {
    return token("", serviceAccount, issuedAt, LIFETIME, "genuine");
  }

  // Signatures differ in their last characters, as real ones do: tokens are found by their hash.
  private static ServiceAccountToken token(
      String podClaim, String account, Instant issuedAt, Duration lifetime, String signature) {
    String claims =
        """
        {"iss":"%s","sub":"system:serviceaccount:default:%s","aud":["pods.eks.amazonaws.com"],\
        "iat":%d,"nbf":%d,"exp":%d,"kubernetes.io":{"namespace":"default",%s\
        "serviceaccount":{"name":"%s","uid":"uid-of-%s"}}}"""
            .formatted(
                ISSUER,
                account,
                issuedAt.getEpochSecond(),
                issuedAt.getEpochSecond(),
                issuedAt.plus(lifetime).getEpochSecond(),
                podClaim,
                account,
                account);
    return ServiceAccountToken.parse(
        encode("{\"alg\":\"RS256\",\"kid\":\"k\"}")
            + "."
            + encode(claims)
            + "."
            + encode(signature + "-%08x".formatted(claims.hashCode())));
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The UID that a pod of this name has in these tokens. */
  static String uidOf(ServiceAccountToken token) {
    return token.pod().orElseThrow().uid();
  }
}
