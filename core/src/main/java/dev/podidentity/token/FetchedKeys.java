package dev.podidentity.token;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The far end of the chain: the keys as the API server has them, written down on the way. */
final class FetchedKeys implements JWKSetSource<SecurityContext> {
  private static final Logger log = LoggerFactory.getLogger(FetchedKeys.class);

  private final JwksSource keys;
  private final @Nullable KeyFile file;
  private final Clock clock;
  private final AtomicReference<Map<?, ?>> told = new AtomicReference<>(Map.of());
  private final AtomicReference<String> toldFailure = new AtomicReference<>("");

  FetchedKeys(JwksSource keys, @Nullable KeyFile file, Clock clock) {
    this.keys = keys;
    this.file = file;
    this.clock = clock;
  }

  @Override
  public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
      throws JWKSetUnavailableException {
    try {
      String text = keys.fetch();
      JWKSet set = KeySet.parse(text);
      tellWhatIsLeftOut(KeySet.leftOut(set));
      keep(text);
      tellThatTheyAreThere();
      return set;
    } catch (IOException | ParseException | RuntimeException e) {
      tellFailure(String.valueOf(e.getMessage()));
      throw new JWKSetUnavailableException("The API server's keys cannot be had", e);
    }
  }

  // Once for each change: with keys that are missing, each token asks for them.
  private void tellFailure(String cause) {
    if (!cause.equals(toldFailure.getAndSet(cause))) {
      log.atWarn()
          .addKeyValue("cause", cause)
          .log(
              "The cluster's signing keys cannot be fetched: tokens are verified with those from"
                  + " before, if there are any");
    }
  }

  private void tellThatTheyAreThere() {
    if (!toldFailure.getAndSet("").isEmpty()) {
      log.atInfo().log("The cluster's signing keys can be fetched again");
    }
  }

  // Once for each change: the keys are fetched every few minutes.
  private void tellWhatIsLeftOut(Map<?, ?> leftOut) {
    if (!leftOut.equals(told.getAndSet(leftOut)) && !leftOut.isEmpty()) {
      log.atWarn()
          .addKeyValue("keys", leftOut)
          .log(
              "Some of the cluster's keys are not understood, and tokens signed with them refused");
    }
  }

  private void keep(String text) {
    if (file == null) {
      return;
    }
    try {
      file.keep(text, clock.instant());
    } catch (IOException | RuntimeException e) {
      log.atWarn()
          .setCause(e)
          .log("The cluster's keys could not be kept: a restart will need the API server");
    }
  }

  @Override
  public void close() {}
}
