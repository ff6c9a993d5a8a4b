package dev.podidentity.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Signs service account tokens with the claims that the API server writes. */
final class ServiceAccountSigner {
  private final String issuer;
  private final SigningKeys keys;

  ServiceAccountSigner(String issuer, SigningKeys keys) {
    this.issuer = issuer;
    this.keys = keys;
  }

  /** Signs a token; one without a pod is bound to none. */
  String sign(
      ServiceAccountRef account,
      String accountUid,
      @Nullable LocalPod pod,
      Instant now,
      Duration lifetime) {
    RSAKey key = keys.signing();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID(key.getKeyID())
            .type(JOSEObjectType.JWT)
            .build();
    var token =
        new JWSObject(
            header,
            new Payload(
                claims(
                    account, kubernetes(account, accountUid, pod, now, lifetime), now, lifetime)));
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("the key that was made here cannot sign", e);
    }
    return token.serialize();
  }

  private Map<String, Object> claims(
      ServiceAccountRef account, Map<String, Object> kubernetes, Instant now, Duration lifetime) {
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
        kubernetes);
  }

  private static Map<String, Object> kubernetes(
      ServiceAccountRef account,
      String accountUid,
      @Nullable LocalPod pod,
      Instant now,
      Duration lifetime) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("namespace", account.namespace());
    if (pod != null) {
      claims.put("node", Map.of("name", pod.nodeName(), "uid", pod.nodeUid()));
      claims.put("pod", Map.of("name", pod.pod().name(), "uid", pod.pod().uid()));
      claims.put("warnafter", now.plus(LocalKubelet.rotationAge(lifetime)).getEpochSecond());
    }
    claims.put("serviceaccount", Map.of("name", account.name(), "uid", accountUid));
    return claims;
  }
}
