package dev.podidentity.credential.cache;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls what others wrote, and lets nothing but answers and typed failures through. */
final class Upstream {
  private static final Logger log = LoggerFactory.getLogger(Upstream.class);

  private final CredentialSource source;
  private final PodPresence presence;
  private final Clock clock;
  private final ListenerRelay events;

  Upstream(CredentialSource source, PodPresence presence, Clock clock, ListenerRelay events) {
    this.source = source;
    this.presence = presence;
    this.clock = clock;
    this.events = events;
  }

  TemporaryCredentials call(ServiceAccountToken token) {
    Instant start = clock.instant();
    try {
      TemporaryCredentials credentials = usable(fetch(token), token);
      called(token, start, null);
      return credentials;
    } catch (CredentialException e) {
      called(token, start, e.reason());
      throw e;
    }
  }

  private void called(ServiceAccountToken token, Instant start, @Nullable FailureReason failure) {
    var took = Duration.between(start, clock.instant());
    events.tell(to -> to.called(token, took, failure));
  }

  // Whatever a source throws, even an error: clients wait for an end, and the slot must be freed.
  private TemporaryCredentials fetch(ServiceAccountToken token) {
    try {
      return source.fetch(token);
    } catch (CredentialException e) {
      throw e;
    } catch (Throwable e) {
      log.atError().setCause(e).log("A credential source failed in a way that nobody foresaw");
      throw new CredentialException(
          FailureReason.UNEXPECTED, "The agent failed: its log has the cause");
    }
  }

  private TemporaryCredentials usable(TemporaryCredentials credentials, ServiceAccountToken token) {
    Duration left = credentials.remainingAt(clock.instant());
    if (left.compareTo(CacheSettings.MIN_REMAINING_LIFE) < 0) {
      throw new CredentialException(
          FailureReason.INVALID_ANSWER,
          "The source answered credentials for service account "
              + token.serviceAccount()
              + " that expire at "
              + credentials.expiration()
              + ": check that the clocks of the node and of AWS agree");
    }
    return credentials;
  }

  boolean knowsToBeGone(ServiceAccountToken token) {
    @Nullable PodRef pod = token.pod().orElse(null);
    if (pod == null) {
      return false;
    }
    try {
      return !presence.mayBePresent(token.serviceAccount().namespace(), pod);
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("Whether a pod is still there could not be found out");
      return false;
    }
  }
}
