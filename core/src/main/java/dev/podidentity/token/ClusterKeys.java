package dev.podidentity.token;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.CachingJWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.OutageTolerantJWKSetSource;
import com.nimbusds.jose.jwk.source.RateLimitedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.podidentity.schedule.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Nimbus' chain of key sources: kept for a time, fetched again for an unknown key id but not too
 * often, and used on while there are no newer ones. Nimbus' own front reads the system's clock,
 * which is why it is not used.
 */
final class ClusterKeys implements JWKSource<SecurityContext> {
  /** How long one thread waits for another one's fetch. */
  private static final Duration FETCH_WAIT = Duration.ofSeconds(2);

  private final JWKSetSource<SecurityContext> chain;
  private final Ticker ticker;
  private final long start;

  private ClusterKeys(JWKSetSource<SecurityContext> chain, Ticker ticker) {
    this.chain = chain;
    this.ticker = ticker;
    this.start = ticker.read();
  }

  /** Keys that are fetched each time. */
  static ClusterKeys uncached(JwksSource keys, Clock clock) {
    return new ClusterKeys(new FetchedKeys(keys, null, clock), Ticker.system());
  }

  static ClusterKeys cached(JwksSource keys, JwksSettings settings, Clock clock, Ticker ticker) {
    KeyFile file = settings.file().map(KeyFile::new).orElse(null);
    Duration tolerance = settings.outageTolerance();
    JWKSetSource<SecurityContext> tolerant =
        new OutageTolerantJWKSetSource<>(
            new FetchedKeys(keys, file, clock), tolerance.toMillis(), null);
    if (file != null) {
      tolerant = new KeysAfterRestart(tolerant, file, tolerance, clock);
    }
    var limited =
        new RateLimitedJWKSetSource<>(tolerant, settings.minRefreshInterval().toMillis(), null);
    var cached =
        new CachingJWKSetSource<>(
            limited, settings.keepFor().toMillis(), FETCH_WAIT.toMillis(), null);
    return new ClusterKeys(cached, ticker);
  }

  @Override
  public List<JWK> get(JWKSelector selector, SecurityContext context) throws KeySourceException {
    long now = millis();
    JWKSet keys = chain.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), now, context);
    List<JWK> found = selector.select(keys);
    if (!found.isEmpty()) {
      return found;
    }
    // Compared by reference: whoever else has refreshed meanwhile spares this fetch.
    var unlessNewer = JWKSetCacheRefreshEvaluator.referenceComparison(keys);
    return selector.select(chain.getJWKSet(unlessNewer, now, context));
  }

  // Nimbus measures ages alone, in milliseconds from zero on.
  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(ticker.read() - start);
  }

  /** Why no signature of the key with this id is accepted, by the keys that are at hand. */
  Optional<String> whyNot(@Nullable String keyId) {
    if (keyId == null) {
      return Optional.empty();
    }
    try {
      JWKSet keys = chain.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), millis(), null);
      return KeySet.whyNot(keys, keyId);
    } catch (KeySourceException e) {
      return Optional.empty();
    }
  }
}
