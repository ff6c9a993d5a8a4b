package dev.podidentity.credential.cache;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.limit.ClientSemaphore;
import dev.podidentity.limit.Permit;
import dev.podidentity.schedule.Scheduler;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each fetch from its start to its end: what the pod has already, or else a call of the
 * source, and what follows for the cache. Every step runs in {@link #guard}: whatever it throws
 * ends the fetch, so that no client waits for a fetch that has stopped. Thread-safe.
 */
final class FetchCoordinator {
  private static final Logger log = LoggerFactory.getLogger(FetchCoordinator.class);

  private static final Duration TROUBLE_REMEMBERED = Duration.ofSeconds(10);
  private static final Duration KEYS_USED_EVERY = Duration.ofMinutes(1);

  private final CacheSettings settings;
  private final Clock clock;
  private final Ticker ticker;
  private final Upstream upstream;
  private final Grants grants;
  private final InFlightFetches fetches;
  private final NegativeCache refusals;
  private final TokenChecks checks;
  private final Renewals renewals;
  private final ListenerDispatcher events;
  private final UpstreamBulkhead bulkhead;
  private final ClientSemaphore<ClientKey> verifications;
  private final WatchedTasks verifying;
  private final InvalidTokenBackoff backoff = new InvalidTokenBackoff();
  private final FurtherAttempts attempts;
  private final AtomicLong keysUsedAt;
  private volatile boolean everOverdue;
  private volatile long overdueAt;
  private volatile @Nullable Trouble trouble;

  /**
   * The latest call that failed in a way that may pass, if none was answered since.
   *
   * @param reason why
   * @param at when, by the ticker
   */
  private record Trouble(FailureReason reason, long at) {}

  FetchCoordinator(
      CacheSettings settings,
      Executor executor,
      Scheduler scheduler,
      Clock clock,
      Ticker ticker,
      RandomGenerator random,
      Upstream upstream,
      Grants grants,
      InFlightFetches fetches,
      NegativeCache refusals,
      TokenChecks checks,
      Renewals renewals,
      ListenerDispatcher events) {
    this.settings = settings;
    this.clock = clock;
    this.ticker = ticker;
    this.upstream = upstream;
    this.grants = grants;
    this.fetches = fetches;
    this.refusals = refusals;
    this.checks = checks;
    this.renewals = renewals;
    this.events = events;
    this.bulkhead = new UpstreamBulkhead(executor, ticker, settings, this::run, this::reject);
    this.attempts =
        new FurtherAttempts(
            settings, scheduler, ticker, random, this::callAgain, this::endWithItsFailure);
    this.verifications =
        new ClientSemaphore<>(
            settings.maxConcurrentCalls(),
            Math.max(1, settings.maxConcurrentCalls() / 2),
            ClientKey.AGENT);
    this.verifying = new WatchedTasks(executor, ticker, settings.maxConcurrentCalls());
    this.keysUsedAt = new AtomicLong(ticker.read() - KEYS_USED_EVERY.toNanos());
  }

  UpstreamBulkhead bulkhead() {
    return bulkhead;
  }

  /** Has a client wait for the token's fetch, which is started if there is none; null if closed. */
  @Nullable Fetch joinOrStart(ServiceAccountToken token, ClientKey client) {
    var joined = fetches.joinOrStart(token, () -> Fetch.miss(token, client, ticker.read()));
    Fetch fetch = joined.fetch();
    if (fetch == null) {
      return null;
    }
    fetch.joined();
    if (joined.started()) {
      guard(fetch, () -> start(fetch));
    } else {
      guard(fetch, () -> join(fetch));
    }
    return fetch;
  }

  private void join(Fetch fetch) {
    events.tell(to -> to.joined(fetch.token()));
    bulkhead.promote(fetch);
  }

  private void start(Fetch fetch) {
    events.tell(to -> to.missed(fetch.token()));
    if (!checks.mayHelp(fetch) || !verifyAside(fetch.client(), () -> verify(fetch))) {
      bulkhead.submitMiss(fetch);
    }
  }

  /**
   * Beside the bulkhead: when the source is slow, tokens can be verified all the same.
   *
   * @return false if there is no room, or no thread
   */
  @SuppressWarnings("CatchingUnchecked") // without a thread, execute throws an OutOfMemoryError
  private boolean verifyAside(ClientKey client, Runnable work) {
    Permit permit = verifications.tryAcquire(client);
    if (permit == null) {
      return false;
    }
    try {
      verifying.handOver(permit, work);
      return true;
    } catch (Throwable e) {
      log.atWarn()
          .addKeyValue("cause", e.toString())
          .log("A token was not verified on this node: the executor took no task");
      return false;
    }
  }

  private void verify(Fetch fetch) {
    guard(fetch, () -> findOrSubmit(fetch));
  }

  private void findOrSubmit(Fetch fetch) {
    Entry entry = checks.entryFor(fetch);
    if (entry != null) {
      events.tell(to -> to.rotated(fetch.token()));
      renewals.used(entry);
    }
    TemporaryCredentials credentials = answer(entry, fetch);
    Fetch other = credentials == null ? checks.fetchFor(fetch) : null;
    if (credentials != null) {
      complete(fetch, Issuance.cached(credentials));
    } else if (other != null) {
      follow(other, fetch);
    } else {
      bulkhead.submitMiss(fetch);
    }
  }

  private @Nullable TemporaryCredentials answer(@Nullable Entry entry, Fetch fetch) {
    return entry == null ? null : entry.answer(fetch.token(), clock.millis(), Entry.ticks(ticker));
  }

  // What the other one gets is this pod's; if it fails, this token is tried by itself.
  private void follow(Fetch other, Fetch fetch) {
    bulkhead.promote(other);
    var unused =
        other
            .outcome()
            .whenComplete(
                (issuance, failure) -> guard(fetch, () -> answerOrSubmit(fetch, failure == null)));
  }

  private void answerOrSubmit(Fetch fetch, boolean answered) {
    Entry entry = answered ? checks.entryFor(fetch) : null;
    TemporaryCredentials credentials = answer(entry, fetch);
    if (credentials != null) {
      complete(fetch, Issuance.cached(credentials));
    } else {
      bulkhead.submitMiss(fetch);
    }
  }

  /** Renews an entry. */
  void renew(Entry entry) {
    Grant grant = entry.grant();
    var joined =
        fetches.joinOrStart(grant.token(), () -> Fetch.renewal(entry, grant, ticker.read()));
    Fetch fetch = joined.fetch();
    if (joined.started() && fetch != null) {
      guard(fetch, () -> bulkhead.submitRenewal(fetch));
    } else {
      renewals.retry(entry);
    }
  }

  private void run(Fetch fetch) {
    guard(fetch, () -> answerOrCall(fetch));
  }

  private void answerOrCall(Fetch fetch) {
    if (fetch.isDone()) {
      return;
    }
    Fetch.Renewal renewal = fetch.renewal();
    if (renewal == null) {
      TemporaryCredentials present = answer(grants.find(fetch.pod()), fetch);
      if (present != null) {
        complete(fetch, Issuance.cached(present));
        return;
      }
      if (backoff.holdsBack(fetch.client(), ticker.read()) && !checks.isVerified(fetch)) {
        fail(fetch, heldBack());
        return;
      }
    } else if (fetch.waiters() == 0 && upstream.knowsToBeGone(fetch.token())) {
      renewals.drop(renewal.entry(), DropReason.POD_GONE);
      fail(fetch, new CredentialException(FailureReason.PENDING, "The pod was gone: try again"));
      return;
    }
    boolean pacedAlready = renewal != null && fetch.lastFailure() == null;
    if (pacedAlready || !attempts.joins(fetch)) {
      call(fetch);
    }
  }

  private void call(Fetch fetch) {
    try {
      answered(fetch, upstream.call(fetch.token()));
    } catch (CredentialException e) {
      failed(fetch, e);
    }
  }

  private void answered(Fetch fetch, TemporaryCredentials credentials) {
    Fetch.Renewal renewal = fetch.renewal();
    if (renewal != null) {
      renewals.sourceAnswered();
    }
    if (renewal != null && grants.renew(renewal.entry(), fetch.token(), credentials)) {
      renewals.keep(renewal.entry());
      events.tell(to -> to.renewed(fetch.token(), credentials.expiration()));
    } else if (renewal == null || fetch.waiters() > 0) {
      store(fetch, credentials);
    }
    complete(fetch, Issuance.fresh(credentials));
    trouble = null;
    attempts.sourceAnswers();
    keepKeysFresh(fetch);
  }

  // Verified for nothing but the keys: they are then at hand when they cannot be fetched.
  private void keepKeysFresh(Fetch fetch) {
    long now = ticker.read();
    long before = keysUsedAt.get();
    if (checks.hasVerifier()
        && now - before >= KEYS_USED_EVERY.toNanos()
        && keysUsedAt.compareAndSet(before, now)) {
      var unused = verifyAside(ClientKey.AGENT, () -> checks.verifies(fetch.token()));
    }
  }

  private void store(Fetch fetch, TemporaryCredentials credentials) {
    if (!settings.keepsCredentials()) {
      return;
    }
    Grants.Stored stored = grants.store(fetch.token(), credentials, Entry.ticks(ticker));
    if (stored != null) {
      renewals.ended(stored.evicted(), DropReason.CACHE_FULL);
      renewals.keep(stored.entry());
      events.tell(to -> to.stored(fetch.token(), credentials.expiration()));
    }
  }

  private void failed(Fetch fetch, CredentialException failure) {
    backoff.failed(fetch.client(), failure, ticker.read());
    if (failure.reasons().contains(FailureReason.THROTTLED)) {
      renewals.sourceThrottled();
    }
    if (failure.reason().isTransient()) {
      trouble = new Trouble(failure.reason(), ticker.read());
    }
    if (attempts.take(fetch, failure)) {
      return;
    }
    end(fetch, failure);
    if (!failure.reason().retryable()) {
      attempts.sourceAnswers();
    }
  }

  private void end(Fetch fetch, CredentialException failure) {
    if (fetch.renewal() != null) {
      events.tell(to -> to.renewalFailed(fetch.token(), failure));
      renewals.failed(fetch.renewal(), failure);
    }
    if (!failure.reason().retryable()) {
      refusals.remember(fetch.token(), failure, ticker.read());
      if (fetch.waiters() > 0) {
        events.tell(to -> to.refused(fetch.token(), failure));
      }
    }
    fail(fetch, failure);
  }

  private void callAgain(Fetch fetch) {
    guard(fetch, () -> bulkhead.submitMiss(fetch));
  }

  private void endWithItsFailure(Fetch fetch) {
    CredentialException failure = fetch.lastFailure();
    if (failure != null && !fetch.isDone()) {
      guard(fetch, () -> end(fetch, failure));
    }
  }

  /** Has a client wait for a fetch, if there is room through failures that may pass. */
  void hold(Fetch fetch, ClientKey client, CompletableFuture<?> waiter) {
    attempts.hold(fetch, client, waiter);
  }

  /** The answer to a client that has waited as long as one may. */
  CredentialException notYet(Fetch fetch) {
    CredentialException failure = fetch.lastFailure();
    return failure != null ? failure : pending(fetch);
  }

  private CredentialException pending(Fetch fetch) {
    long now = ticker.read();
    return new CredentialException(
        FailureReason.PENDING,
        "The credentials of service account "
            + fetch.token().serviceAccount()
            + " are still being fetched, for "
            + inSeconds(now - fetch.startedAt())
            + " now: try again"
            + recent(trouble, now));
  }

  private static String recent(@Nullable Trouble latest, long now) {
    return latest == null || now - latest.at() >= TROUBLE_REMEMBERED.toNanos()
        ? ""
        : "; another call of this node failed "
            + inSeconds(now - latest.at())
            + " ago with "
            + latest.reason().code();
  }

  private static String inSeconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }

  // An address may be shared, as the node's own is: the other pods there are to try again.
  private static CredentialException heldBack() {
    return new CredentialException(
        FailureReason.OVERLOADED,
        "The tokens that come from this address are not tokens of this cluster: no more of them are"
            + " asked for now");
  }

  private void reject(Fetch fetch) {
    giveUp(
        fetch,
        new CredentialException(
            FailureReason.OVERLOADED,
            "The agent has as many calls to EKS Auth under way and waiting as it may: try again"));
  }

  @SuppressWarnings("CatchingUnchecked") // clients wait for an end, whatever was thrown
  private void guard(Fetch fetch, Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      giveUp(
          fetch,
          new CredentialException(
              FailureReason.UNEXPECTED, "The agent failed: its log has the cause"));
      log.atError().setCause(e).log("Internal error in a fetch of credentials");
    }
  }

  private void giveUp(Fetch fetch, CredentialException failure) {
    if (fail(fetch, failure) && fetch.renewal() != null) {
      renewals.retry(fetch.renewal().entry());
    }
  }

  /** Ends what stands still, whatever became of its thread, and takes its place away. */
  void endOverdue() {
    attempts.look();
    long now = ticker.read();
    fetches.notMovedSince(now - settings.fetchBudget().toNanos()).forEach(this::endOverdue);
    bulkhead.giveUpOverdue(settings.fetchBudget());
    var unused = verifying.giveUpOverdue(settings.fetchBudget());
  }

  private void endOverdue(Fetch fetch) {
    overdueAt = ticker.read();
    everOverdue = true;
    bulkhead.forget(fetch);
    giveUp(
        fetch,
        new CredentialException(
            FailureReason.TIMED_OUT,
            "The credentials of service account "
                + fetch.token().serviceAccount()
                + " could not be fetched within "
                + settings.fetchBudget().toSeconds()
                + " s: try again"));
    log.atWarn()
        .addKeyValue("serviceAccount", fetch.token().serviceAccount())
        .addKeyValue("seconds", settings.fetchBudget().toSeconds())
        .log("A fetch of credentials was ended: its thread did not go on");
  }

  /** How many fetches, calls and verifications stand still. */
  int overdue() {
    long now = ticker.read();
    long budget = settings.fetchBudget().toNanos();
    int ended = everOverdue && now - overdueAt < budget ? 1 : 0;
    int tasks =
        bulkhead.overdue(settings.fetchBudget()) + verifying.overdue(settings.fetchBudget());
    return Math.max(ended, Math.max(tasks, fetches.notMovedSince(now - budget).size()));
  }

  // First out of the fetches, then told: a later request finds the entry, or starts anew.
  private void complete(Fetch fetch, Issuance issuance) {
    fetches.remove(fetch);
    fetch.complete(issuance);
    renewals.beginDue();
  }

  private boolean fail(Fetch fetch, CredentialException failure) {
    fetches.remove(fetch);
    boolean failed = fetch.fail(failure);
    renewals.beginDue();
    return failed;
  }

  /** Ends all fetches, and starts none any more. */
  void close(CredentialException failure) {
    bulkhead.close();
    attempts.close();
    fetches.close().forEach(fetch -> fetch.fail(failure));
  }
}
