package dev.podidentity.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.util.ArrayList;
import java.util.List;

/** The keys of an API server: the newest signs, all of them are published until they retire. */
final class SigningKeys {
  private static final int RSA_BITS = 2048;

  @GuardedBy("this")
  private List<RSAKey> newestFirst = List.of(newKey());

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

  synchronized RSAKey signing() {
    return newestFirst.get(0);
  }

  synchronized String published() {
    return new JWKSet(newestFirst.stream().map(RSAKey::toPublicJWK).map(JWK.class::cast).toList())
        .toString();
  }

  void rotate() {
    RSAKey key = newKey();
    synchronized (this) {
      var all = new ArrayList<RSAKey>();
      all.add(key);
      all.addAll(newestFirst);
      newestFirst = List.copyOf(all);
    }
  }

  synchronized void retireOld() {
    newestFirst = List.of(newestFirst.get(0));
  }
}
