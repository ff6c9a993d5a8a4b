package dev.podidentity.credential.cache;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls what others wrote, and lets nothing but answers and typed failures through. */
final class Upstream {
  private static final Logger log = LoggerFactory.getLogger(Upstream.class);

  private final CredentialSource source;
  private final PodPresence presence;
  private final Clock clock;
  private final Ticker ticker;
  private final ListenerDispatcher events;

  Upstream(
      CredentialSource source,
      PodPresence presence,
      Clock clock,
      Ticker ticker,
      ListenerDispatcher events) {
    this.source = source;
    this.presence = presence;
    this.clock = clock;
    this.ticker = ticker;
    this.events = events;
  }

  TemporaryCredentials call(ServiceAccountToken token) {
    long start = ticker.read();
    try {
      TemporaryCredentials credentials = usable(fetch(token), token);
      called(token, start, null);
      return credentials;
    } catch (CredentialException e) {
      events.tell(to -> to.callFailed(token, e));
      called(token, start, e.reason());
      throw e;
    }
  }

  private void called(ServiceAccountToken token, long start, @Nullable FailureReason failure) {
    var took = Duration.ofNanos(ticker.read() - start);
    events.tell(to -> to.called(token, took, failure));
  }

  @SuppressWarnings("CatchingUnchecked") // an Error is an answer, too: clients wait for one
  private TemporaryCredentials fetch(ServiceAccountToken token) {
    try {
      return source.fetch(token);
    } catch (CredentialException e) {
      throw e;
    } catch (Throwable e) {
      log.atError().setCause(e).log("Internal error of a credential source");
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

  @SuppressWarnings("CatchingUnchecked") // in doubt, a pod keeps its credentials
  boolean knowsToBeGone(ServiceAccountToken token) {
    @Nullable PodRef pod = token.pod().orElse(null);
    if (pod == null) {
      return false;
    }
    try {
      return !presence.mayBePresent(token.serviceAccount().namespace(), pod);
    } catch (Throwable e) {
      log.atWarn().setCause(e).log("Whether a pod is still there could not be found out");
      return false;
    }
  }
}
