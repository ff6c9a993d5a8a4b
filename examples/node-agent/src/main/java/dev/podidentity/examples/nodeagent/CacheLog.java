package dev.podidentity.examples.nodeagent;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.cache.CacheListener;
import dev.podidentity.credential.cache.DropReason;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator should know of the cache; no more lines than there are pauses and losses. */
final class CacheLog implements CacheListener {
  private static final Logger log = LoggerFactory.getLogger(CacheLog.class);

  @Override
  public void throttled(Duration pause) {
    log.atWarn()
        .addKeyValue("duration_ms", pause.toMillis())
        .log("EKS Auth throttles this account: renewals pause");
  }

  @Override
  public void renewalFailed(ServiceAccountToken token, CredentialException failure) {
    log.atDebug()
        .addKeyValue("namespace", token.serviceAccount().namespace())
        .addKeyValue("service_account", token.serviceAccount().name())
        .addKeyValue("code", failure.reason().code())
        .addKeyValue("cause", failure.getMessage())
        .log("A renewal failed");
  }

  @Override
  public void dropped(ServiceAccountToken token, DropReason reason) {
    log.atDebug()
        .addKeyValue("namespace", token.serviceAccount().namespace())
        .addKeyValue("service_account", token.serviceAccount().name())
        .addKeyValue("reason", reason)
        .log("Credentials left the cache");
  }

  @Override
  public void lost(long count) {
    log.atWarn().addKeyValue("count", count).log("Events of the cache were not counted");
  }
}
