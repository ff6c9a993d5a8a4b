package dev.podidentity.token;

import java.io.IOException;

/**
 * Where a cluster's public signing keys come from: the document that the API server serves at
 * {@code /openid/v1/jwks}. Implementations are thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, JWK Set</a>
 */
@FunctionalInterface
public interface JwksSource {
  /**
   * The JWK Set as it is now.
   *
   * @throws IOException if it cannot be had
   */
  String fetch() throws IOException;
}
