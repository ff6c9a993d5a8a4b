package dev.podidentity.token;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An API server whose keys can be rotated, and which can be away. */
final class SigningCluster implements JwksSource {
  static final String ISSUER = "https://oidc.eks.us-west-2.amazonaws.com/id/CLUSTER";
  static final String FULL =
      """
      "kubernetes.io":{"namespace":"default",\
      "pod":{"name":"my-pod","uid":"pod-uid"},\
      "serviceaccount":{"name":"my-app","uid":"account-uid"}}""";

  /** Making a key takes long; no cluster needs more than these. */
  private static final List<RSAKey> MATERIAL = List.of(generate(), generate());

  private final Clock clock;
  private final List<RSAKey> keys = new ArrayList<>();
  private final List<String> unread = new ArrayList<>();
  private boolean away;
  private int fetches;
  private int made;

  SigningCluster(Clock clock) {
    this.clock = clock;
    rotateKey();
  }

  void rotateKey() {
    publish(newKey("key-" + keys.size(), JWSAlgorithm.RS256));
  }

  void publish(RSAKey key) {
    keys.add(key);
  }

  /** Publishes a key as it is written, whatever it is. */
  void publishUnread(String json) {
    unread.add(json);
  }

  RSAKey newKey(String id, @Nullable Algorithm algorithm) {
    return new RSAKey.Builder(MATERIAL.get(made++)).keyID(id).algorithm(algorithm).build();
  }

  private static RSAKey generate() {
    try {
      return new RSAKeyGenerator(2048).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes the first key out of what is published. */
  void retireOldestKey() {
    keys.remove(0);
  }

  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  int fetches() {
    return fetches;
  }

  String publicKeys() {
    List<String> all = new ArrayList<>(unread);
    keys.forEach(key -> all.add(key.toPublicJWK().toJSONString()));
    return "{\"keys\":[" + String.join(",", all) + "]}";
  }

  RSAKey newestKey() {
    return keys.get(keys.size() - 1);
  }

  @Override
  public String fetch() throws IOException {
    fetches++;
    if (away) {
      throw new IOException("connection refused");
    }
    return publicKeys();
  }

  ServiceAccountToken token() {
    return signed(JWSAlgorithm.RS256, newestKey(), FULL);
  }

  /** A token that names a key, and was signed with another one. */
  ServiceAccountToken tokenOf(String keyId) {
    RSAKey named = new RSAKey.Builder(MATERIAL.get(0)).keyID(keyId).build();
    return signed(JWSAlgorithm.RS256, named, FULL);
  }

  ServiceAccountToken signed(JWSAlgorithm algorithm, ECKey key) {
    try {
      return sign(algorithm, key.getKeyID(), new ECDSASigner(key), FULL);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  ServiceAccountToken signed(JWSAlgorithm algorithm, RSAKey key, String kubernetes) {
    try {
      return sign(algorithm, key.getKeyID(), new RSASSASigner(key), kubernetes);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signed with the public key as if it were a shared secret. */
  ServiceAccountToken signedWithHmac() {
    try {
      byte[] publicKey = newestKey().toRSAPublicKey().getEncoded();
      return sign(JWSAlgorithm.HS256, newestKey().getKeyID(), new MACSigner(publicKey), FULL);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  ServiceAccountToken unsigned() {
    String header = encode("{\"alg\":\"none\"}");
    return ServiceAccountToken.parse(header + "." + encode(claims(FULL)) + "." + encode("none"));
  }

  private ServiceAccountToken sign(
      JWSAlgorithm algorithm, String keyId, JWSSigner signer, String kubernetes) {
    var token =
        new JWSObject(
            new JWSHeader.Builder(algorithm).keyID(keyId).build(), new Payload(claims(kubernetes)));
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return ServiceAccountToken.parse(token.serialize());
  }

  private String claims(String kubernetes) {
    Instant now = clock.instant();
    return """
        {"iss":"%s","sub":"system:serviceaccount:default:my-app",\
        "aud":["pods.eks.amazonaws.com"],"iat":%d,"exp":%d,%s}"""
        .formatted(ISSUER, now.getEpochSecond(), now.getEpochSecond() + 10 * 86_400, kubernetes);
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
