package dev.podidentity.examples.nodeagent;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.cache.CacheListener;
import dev.podidentity.credential.cache.DropReason;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator should know of the cache; no more lines than there are pauses, losses and
 * changes of the way to EKS Auth.
 */
final class CacheLog implements CacheListener {
  private static final Logger log = LoggerFactory.getLogger(CacheLog.class);

  private final AtomicReference<String> unreachable = new AtomicReference<>("");

  // Pods whose credentials are cached notice nothing, so that there is no audit line.
  @Override
  public void callFailed(ServiceAccountToken token, CredentialException failure) {
    failure.detail().ifPresent(cause -> tellOnce(failure.reason(), cause));
  }

  private void tellOnce(FailureReason reason, String cause) {
    if (!cause.equals(unreachable.getAndSet(cause))) {
      log.atWarn()
          .addKeyValue("code", reason.code())
          .addKeyValue("cause", cause)
          .log("EKS Auth cannot be reached");
    }
  }

  @Override
  public void called(ServiceAccountToken token, Duration took, @Nullable FailureReason failure) {
    boolean answered = failure == null || !failure.retryable();
    if (answered && !unreachable.getAndSet("").isEmpty()) {
      log.atInfo().log("EKS Auth can be reached again");
    }
  }

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
