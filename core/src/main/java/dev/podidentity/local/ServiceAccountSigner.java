package dev.podidentity.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Signs service account tokens with the claims that the API server writes. */
final class ServiceAccountSigner {
  private static final int RSA_BITS = 2048;

  /** The kubelet asks for a new token when this much of the old one's life is gone. */
  private static final double WARN_AFTER = 0.8;

  private final String issuer;
  private final RSAKey key = newKey();

  ServiceAccountSigner(String issuer) {
    this.issuer = issuer;
  }

  private static RSAKey newKey() {
    try {
      return new RSAKeyGenerator(RSA_BITS)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.RS256)
          .keyIDFromThumbprint(true)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("this JVM cannot make RSA keys", e);
    }
  }

  String publicKeys() {
    return new JWKSet(key.toPublicJWK()).toString();
  }

  String sign(LocalPod pod, Instant now, Duration lifetime) {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID(key.getKeyID())
            .type(JOSEObjectType.JWT)
            .build();
    var token = new JWSObject(header, new Payload(claims(pod, now, lifetime)));
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("the key that was made here cannot sign", e);
    }
    return token.serialize();
  }

  private Map<String, Object> claims(LocalPod pod, Instant now, Duration lifetime) {
    ServiceAccountRef account = pod.serviceAccount();
    return Map.of(
        "iss",
        issuer,
        "sub",
        "system:serviceaccount:" + account.namespace() + ":" + account.name(),
        "aud",
        List.of(ServiceAccountToken.POD_IDENTITY_AUDIENCE),
        "iat",
        now.getEpochSecond(),
        "nbf",
        now.getEpochSecond(),
        "exp",
        now.plus(lifetime).getEpochSecond(),
        "jti",
        UUID.randomUUID().toString(),
        "kubernetes.io",
        kubernetes(pod, now, lifetime));
  }

  private static Map<String, Object> kubernetes(LocalPod pod, Instant now, Duration lifetime) {
    long warnAfter = now.getEpochSecond() + (long) (lifetime.toSeconds() * WARN_AFTER);
    return Map.of(
        "namespace",
        pod.serviceAccount().namespace(),
        "node",
        Map.of("name", pod.nodeName(), "uid", pod.nodeUid()),
        "pod",
        Map.of("name", pod.pod().name(), "uid", pod.pod().uid()),
        "serviceaccount",
        Map.of("name", pod.serviceAccount().name(), "uid", pod.serviceAccountUid()),
        "warnafter",
        warnAfter);
  }
}
