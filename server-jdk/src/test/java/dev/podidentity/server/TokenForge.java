package dev.podidentity.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.podidentity.token.ServiceAccountToken;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens of a cluster, and tokens that only look like it, byte for byte. */
final class TokenForge {
  static final String ISSUER = "https://oidc.eks.us-west-2.amazonaws.com/id/FORGED";

  private final RSAKey cluster = newKey("cluster-key");
  private final RSAKey other = newKey("other");
  private final Instant now;

  TokenForge(Instant now) {
    this.now = now;
  }

  private static RSAKey newKey(String id) {
    try {
      return new RSAKeyGenerator(2048).algorithm(JWSAlgorithm.RS256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the API server publishes. */
  String jwks() {
    return new JWKSet(cluster).toPublicJWKSet().toString();
  }

  String keyId() {
    return cluster.getKeyID();
  }

  String otherJwk() {
    return other.toPublicJWK().toString();
  }

  String genuine(String pod) {
    return signed(header(), "{" + claims(pod) + "}", "genuine");
  }

  String header() {
    return "{\"alg\":\"RS256\",\"kid\":\"" + keyId() + "\"}";
  }

  String claims(String pod) {
    return String.join(",", issuer(), subject(), audience(), times(), kubernetes(pod));
  }

  String issuer() {
    return "\"iss\":\"" + ISSUER + "\"";
  }

  String subject() {
    return "\"sub\":\"system:serviceaccount:default:my-app\"";
  }

  String audience() {
    return "\"aud\":[\"" + ServiceAccountToken.POD_IDENTITY_AUDIENCE + "\"]";
  }

  String times() {
    long second = now.getEpochSecond();
    return "\"iat\":%d,\"nbf\":%d,\"exp\":%d".formatted(second, second, second + 86_400);
  }

  String kubernetes(String pod) {
    return """
    "kubernetes.io":{"namespace":"default","pod":{"name":"%s","uid":"uid-of-%s"},\
    "serviceaccount":{"name":"my-app","uid":"account-uid"}}\
    """
        .formatted(pod, pod);
  }

  /**
   * A token of these texts, each character of which is a byte.
   *
   * @param how what its signature is, or what with
   */
  String signed(String header, String payload, String how) {
    String text = encode(header.getBytes(ISO_8859_1)) + "." + encode(payload.getBytes(ISO_8859_1));
    return text + "." + encode(signature(text, how));
  }

  private byte[] signature(String text, String how) {
    return switch (how) {
      case "genuine" -> rsa(cluster, text);
      case "other" -> rsa(other, text);
      case "of-another-payload" -> rsa(cluster, text + "x");
      case "random" -> random();
      case "zeros" -> new byte[256];
      case "empty" -> new byte[0];
      case "hmac-empty" -> hmac(new byte[1], text);
      case "hmac-der" -> hmac(der(), text);
      case "hmac-pem" -> hmac(pem().getBytes(US_ASCII), text);
      case "hmac-jwk" -> hmac(cluster.toPublicJWK().toString().getBytes(US_ASCII), text);
      case "hmac-modulus" -> hmac(cluster.getModulus().decode(), text);
      default -> throw new IllegalArgumentException(how);
    };
  }

  private static byte[] random() {
    byte[] bytes = new byte[256];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] rsa(RSAKey key, String text) {
    try {
      return new RSASSASigner(key)
          .sign(new JWSHeader(JWSAlgorithm.RS256), text.getBytes(US_ASCII))
          .decode();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] der() {
    try {
      return cluster.toRSAPublicKey().getEncoded();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String pem() {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der())
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
