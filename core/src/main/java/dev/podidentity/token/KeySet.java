package dev.podidentity.token;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JWK Set of which keys that are not understood are left out, as RFC 7517, section 5, asks for.
 * The set remembers their ids, so that a token that names one is told why it is refused.
 */
final class KeySet {
  private static final String LEFT_OUT = "dev.podidentity.left-out";

  private static final Map<Curve, JWSAlgorithm> BY_CURVE =
      Map.of(
          Curve.P_256, JWSAlgorithm.ES256,
          Curve.P_384, JWSAlgorithm.ES384,
          Curve.P_521, JWSAlgorithm.ES512);

  private KeySet() {}

  /**
   * Reads a JWK Set.
   *
   * @throws ParseException if it is not one, or if none of its keys is understood
   */
  static JWKSet parse(String text) throws ParseException {
    List<Object> all = JSONObjectUtils.getJSONArray(JSONObjectUtils.parse(text), "keys");
    if (all == null) {
      throw new ParseException("there is no member \"keys\"", 0);
    }
    List<JWK> keys = new ArrayList<>();
    Map<String, Object> leftOut = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      Map<String, Object> members = members(all.get(i));
      try {
        keys.add(JWK.parse(members));
      } catch (ParseException | RuntimeException e) {
        leftOut.put(name(members, i), String.valueOf(e.getMessage()));
      }
    }
    if (keys.isEmpty() && !leftOut.isEmpty()) {
      throw new ParseException("none of the keys is understood: " + leftOut, 0);
    }
    return new JWKSet(keys, Map.of(LEFT_OUT, leftOut));
  }

  private static Map<String, Object> members(@Nullable Object key) {
    Map<String, Object> members = new LinkedHashMap<>();
    if (key instanceof Map<?, ?> map) {
      map.forEach((name, value) -> members.put(String.valueOf(name), value));
    }
    return members;
  }

  private static String name(Map<String, Object> members, int index) {
    return members.get("kid") instanceof String id ? id : "key " + (index + 1) + ", without an id";
  }

  /** The ids of the keys that were left out, with the reason for each. */
  static Map<?, ?> leftOut(JWKSet set) {
    return set.getAdditionalMembers().get(LEFT_OUT) instanceof Map<?, ?> map ? map : Map.of();
  }

  /**
   * The algorithm that a key is used with: the one that it names, else that of its curve, else
   * RS256 for RSA. Null where it cannot sign.
   */
  static @Nullable Algorithm algorithm(JWK key) {
    Algorithm named = key.getAlgorithm();
    if (named != null) {
      return named;
    }
    if (key instanceof ECKey ec) {
      return BY_CURVE.get(ec.getCurve());
    }
    return key instanceof RSAKey ? JWSAlgorithm.RS256 : null;
  }

  /** Why no signature of the key with this id is accepted; empty where the set does not have it. */
  static Optional<String> whyNot(JWKSet set, String keyId) {
    if (leftOut(set).get(keyId) instanceof String reason) {
      return Optional.of(
          "the cluster's key '"
              + keyId
              + "' is not understood ("
              + reason
              + "), check the key set");
    }
    return Optional.ofNullable(set.getKeyByKeyId(keyId))
        .map(
            key ->
                "the cluster's key '"
                    + keyId
                    + "' is used with "
                    + algorithm(key)
                    + ", and did not make this signature");
  }
}
