package dev.podidentity.token;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;

/** Reads the keys that were written down, when there is neither an API server nor a memory. */
final class KeysAfterRestart implements JWKSetSource<SecurityContext> {
  private final JWKSetSource<SecurityContext> source;
  private final KeyFile file;
  private final Duration maxAge;
  private final Clock clock;

  KeysAfterRestart(
      JWKSetSource<SecurityContext> source, KeyFile file, Duration maxAge, Clock clock) {
    this.source = source;
    this.file = file;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  @Override
  public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
      throws KeySourceException {
    try {
      return source.getJWKSet(refresh, now, context);
    } catch (JWKSetUnavailableException e) {
      return read(e);
    }
  }

  private JWKSet read(JWKSetUnavailableException unavailable) throws JWKSetUnavailableException {
    try {
      return KeySet.parse(file.read(clock.instant(), maxAge));
    } catch (IOException | ParseException | RuntimeException e) {
      unavailable.addSuppressed(e);
      throw unavailable;
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
