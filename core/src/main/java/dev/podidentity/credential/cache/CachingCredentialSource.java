package dev.podidentity.credential.cache;

import static java.util.Objects.requireNonNull;

import dev.podidentity.credential.AcceptedToken;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialCache;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.cache.Grants.Accepted;
import dev.podidentity.schedule.OwnedThreads;
import dev.podidentity.schedule.Scheduler;
import dev.podidentity.schedule.Scheduler.Scheduled;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers from credentials that it keeps, one entry a pod, renewed before they grow old; asks
 * another source only for what it has not got.
 *
 * <p>Requests with the same token make one call, which goes on when the clients that asked have
 * gone. A client waits at most {@link CacheSettings#waiterDeadline}, also through failures that may
 * pass: the cache calls again, by one schedule for the token, or for the node where the source
 * throttles. An entry answers only tokens that the source accepted, or, with a verifier, that were
 * verified on this machine to be the same pod's: what a token merely claims has no effect on
 * anybody else's entry.
 *
 * <p>Thread-safe. A request that is answered from the cache takes no lock.
 */
public final class CachingCredentialSource implements CredentialCache, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CachingCredentialSource.class);

  private final CacheSettings settings;
  private final Clock clock;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final OwnedThreads ownedThreads;
  private final ListenerDispatcher events;
  private final Grants grants;
  private final InFlightFetches fetches = new InFlightFetches();
  private final NegativeCache refusals;
  private final Renewals renewals;
  private final FetchCoordinator coordinator;
  private final Watchdog.Watching watchdog;

  private CachingCredentialSource(Builder builder) {
    settings = builder.settings;
    clock = builder.clock;
    ticker = builder.ticker;
    ownedThreads = new OwnedThreads("pod-identity-cache");
    Executor executor = builder.executor != null ? builder.executor : ownedThreads.executor();
    scheduler = builder.scheduler != null ? builder.scheduler : ownedThreads.scheduler();
    events = new ListenerDispatcher(builder.listener, executor, scheduler, ticker);
    grants = new Grants(settings.maxEntries());
    refusals = new NegativeCache(settings.refusalMemory());
    renewals =
        new Renewals(
            grants, settings, clock, ticker, scheduler, builder.random, events, this::renew);
    coordinator =
        new FetchCoordinator(
            settings,
            executor,
            scheduler,
            clock,
            ticker,
            builder.random,
            new Upstream(builder.source, builder.presence, clock, ticker, events),
            grants,
            fetches,
            refusals,
            new TokenChecks(builder.verifier, grants, fetches),
            renewals,
            events);
    watchdog = builder.watchdog.start(this::look);
  }

  private void look() {
    coordinator.endOverdue();
    events.tellOverdue();
    renewals.look();
  }

  /**
   * Starts a cache.
   *
   * @param source where credentials come from, which stays its owner's to close
   */
  public static Builder builder(CredentialSource source) {
    return new Builder(source);
  }

  /**
   * Credentials for the pod that the token belongs to.
   *
   * @throws CredentialException with the source's reason, or {@link FailureReason#PENDING} if the
   *     answer took too long, {@link FailureReason#OVERLOADED} if too much is going on, {@link
   *     FailureReason#CLOSED} once closed
   */
  @Override
  public TemporaryCredentials fetch(ServiceAccountToken token) {
    TemporaryCredentials present = find(token);
    return present != null ? present : await(miss(token, ClientKey.AGENT)).credentials();
  }

  /**
   * The same for a certain client. Requests that have to wait for the source do so in turn of their
   * clients, and one client has half of the calls at most. A client whose tokens the source refuses
   * as not being tokens of the cluster gets {@link FailureReason#OVERLOADED} until it has sent none
   * for a while.
   */
  @Override
  public Issuance fetch(ServiceAccountToken token, ClientKey client) {
    TemporaryCredentials present = find(token);
    return present != null ? Issuance.cached(present) : await(miss(token, client));
  }

  /**
   * Credentials for the pod that the token belongs to, without a thread that waits for them.
   * Cancelling the future ends nothing but the waiting.
   *
   * @return completes by the waiter deadline, exceptionally with the {@link CredentialException}
   *     that {@link #fetch} would throw; dependents run on the thread that completes it and must
   *     not block
   */
  public CompletableFuture<Issuance> request(ServiceAccountToken token) {
    return request(token, ClientKey.AGENT);
  }

  /** The same for a certain client, as {@link #fetch(ServiceAccountToken, ClientKey)}. */
  @Override
  public CompletableFuture<Issuance> request(ServiceAccountToken token, ClientKey client) {
    TemporaryCredentials present = find(token);
    return present != null
        ? CompletableFuture.completedFuture(Issuance.cached(present))
        : miss(token, client);
  }

  @Override
  public Optional<AcceptedToken> accepted(String text) {
    Accepted known = grants.accepted(text);
    return known != null && known.entry().grant().accepts(known.token(), clock.millis())
        ? Optional.of(new Answerable(known))
        : Optional.empty();
  }

  /** An accepted token that this cache can answer without looking it up again. */
  private final class Answerable implements AcceptedToken {
    private final Accepted known;

    Answerable(Accepted known) {
      this.known = known;
    }

    @Override
    public ServiceAccountToken token() {
      return known.token();
    }

    @Override
    public ClientKey client() {
      return known.entry().pod();
    }

    @Override
    public Optional<TemporaryCredentials> credentials() {
      return Optional.ofNullable(hit(known));
    }
  }

  /** What the cache holds and does now; goes over all entries. */
  public CacheState state() {
    return new CacheState(
        grants.size(),
        grants.nearestExpiry(),
        grants.firstWithout(),
        fetches.size(),
        fetches.waiters(),
        coordinator.bulkhead().running(),
        coordinator.bulkhead().waiting(),
        renewals.waiting(),
        renewals.pausedUntil(),
        events.lost(),
        coordinator.overdue(),
        events.delay());
  }

  /** What the cache holds for each pod now, in no order and without secrets; goes over all. */
  public List<CacheEntry> entries() {
    return grants
        .entries()
        .map(entry -> CacheEntry.of(entry, renewals.nextRenewal(entry)))
        .toList();
  }

  private @Nullable TemporaryCredentials find(ServiceAccountToken token) {
    Accepted known = grants.accepted(token.value());
    return known == null ? null : hit(known);
  }

  private @Nullable TemporaryCredentials hit(Accepted known) {
    Entry entry = known.entry();
    long now = ticker.read();
    TemporaryCredentials credentials =
        entry.answer(known.token(), clock.millis(), TimeUnit.NANOSECONDS.toMillis(now));
    if (credentials == null) {
      return null;
    }
    if (!entry.isUsed()) {
      renewals.used(entry);
    } else if (entry.isOverdue(now)) {
      renewals.overdue(entry);
    }
    events.hit();
    return credentials;
  }

  private CompletableFuture<Issuance> miss(ServiceAccountToken token, ClientKey client) {
    CredentialException refusal = refusals.find(token, ticker.read());
    if (refusal != null) {
      events.tell(to -> to.refused(token, refusal));
      return CompletableFuture.failedFuture(refusal);
    }
    Fetch fetch = coordinator.joinOrStart(token, client);
    return fetch == null ? CompletableFuture.failedFuture(closed()) : waitFor(fetch, client);
  }

  /** Waits for a fetch until the waiter deadline; whatever ends the wait, it is counted no more. */
  private CompletableFuture<Issuance> waitFor(Fetch fetch, ClientKey client) {
    CompletableFuture<Issuance> waiter = fetch.outcome().copy();
    var counted = waiter.whenComplete((issuance, failure) -> fetch.left(ticker.read()));
    if (!counted.isDone()) {
      coordinator.hold(fetch, client, waiter);
      endAtDeadline(waiter, fetch);
    }
    return waiter;
  }

  @SuppressWarnings("CatchingUnchecked") // without a thread, schedule throws an OutOfMemoryError
  private void endAtDeadline(CompletableFuture<Issuance> waiter, Fetch fetch) {
    try {
      Scheduled deadline =
          scheduler.schedule(
              () -> waiter.completeExceptionally(coordinator.notYet(fetch)),
              settings.waiterDeadline());
      var unused = waiter.whenComplete((issuance, failure) -> deadline.cancel());
    } catch (Throwable e) {
      waiter.completeExceptionally(
          new CredentialException(
              FailureReason.UNEXPECTED, "The agent failed: its log has the cause"));
      log.atError().setCause(e).log("A client could not wait: the scheduler took no task");
    }
  }

  private static Issuance await(CompletableFuture<Issuance> waiter) {
    try {
      return waiter.get();
    } catch (ExecutionException e) {
      throw own(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      waiter.cancel(false);
      throw closed();
    }
  }

  // The same failure goes to all that wait: each throws its own, with its own stack.
  private static CredentialException own(ExecutionException e) {
    if (e.getCause() instanceof CredentialException cause) {
      var own =
          new CredentialException(
              cause.reason(),
              String.valueOf(cause.getMessage()),
              cause.requestId().orElse(null),
              cause.retryAfter().orElse(null),
              cause);
      return cause.detail().map(own::withDetail).orElse(own);
    }
    throw new IllegalStateException("a fetch ends with credentials or a typed failure", e);
  }

  private static CredentialException closed() {
    return new CredentialException(
        FailureReason.CLOSED, "The agent is being stopped: try again when it runs");
  }

  private void renew(Entry entry) {
    coordinator.renew(entry);
  }

  /**
   * Ends renewals, lets go of all credentials and fails the requests that wait with {@link
   * FailureReason#CLOSED}. Calls that the source is working on end by themselves; their answers are
   * thrown away. Threads that were not given to the builder end.
   */
  @Override
  public void close() {
    watchdog.close();
    renewals.close();
    coordinator.close(closed());
    events.tellHits();
    ownedThreads.close();
  }

  /** Collects the parts of a cache. Not thread-safe. */
  public static final class Builder {
    private final CredentialSource source;
    private CacheSettings settings = CacheSettings.defaults();
    private Clock clock = Clock.systemUTC();
    private Ticker ticker = Ticker.system();
    private @Nullable Scheduler scheduler;
    private @Nullable Executor executor;
    private RandomGenerator random = new Random();
    private @Nullable TokenVerifier verifier;
    private PodPresence presence = PodPresence.UNKNOWN;
    private CacheListener listener = CacheListener.NONE;
    private Watchdog.Starter watchdog = Watchdog::start;

    private Builder(CredentialSource source) {
      this.source = requireNonNull(source, "source");
    }

    /** Sets how the cache behaves; {@link CacheSettings#defaults} if not set. */
    public Builder settings(CacheSettings settings) {
      this.settings = requireNonNull(settings, "settings");
      return this;
    }

    /** Sets the time that lives are held against; the system's if not set. */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /** Sets what ages and waits are measured by; {@link Ticker#system} if not set. */
    public Builder ticker(Ticker ticker) {
      this.ticker = requireNonNull(ticker, "ticker");
      return this;
    }

    /** Sets what runs renewals and deadlines at their time; a thread of its own if not set. */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = requireNonNull(scheduler, "scheduler");
      return this;
    }

    /**
     * Sets what calls the source, verifies tokens and tells the listener; threads of its own, as
     * many as are busy, if not set. Needs room for twice {@link CacheSettings#maxConcurrentCalls}
     * tasks that block and one more, twice as many where source and verifier may hang, and must not
     * run them on the calling thread if clients are to be answered in time.
     */
    public Builder executor(Executor executor) {
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    /** Sets where jitter comes from, which must be thread-safe; a new generator if not set. */
    public Builder random(RandomGenerator random) {
      this.random = requireNonNull(random, "random");
      return this;
    }

    /**
     * Sets what verifies the new tokens of pods that have credentials; without it, each new token
     * goes to the source.
     */
    public Builder verifier(TokenVerifier verifier) {
      this.verifier = requireNonNull(verifier, "verifier");
      return this;
    }

    /** Sets what knows which pods are gone; {@link PodPresence#UNKNOWN} if not set. */
    public Builder presence(PodPresence presence) {
      this.presence = requireNonNull(presence, "presence");
      return this;
    }

    /** Sets the listener that is told what the cache does; none if not set. */
    public Builder listener(CacheListener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /** Sets what looks after what stands still; a thread of its own if not set. */
    Builder watchdog(Watchdog.Starter watchdog) {
      this.watchdog = watchdog;
      return this;
    }

    /** The cache, which is its owner's to close. */
    public CachingCredentialSource build() {
      return new CachingCredentialSource(this);
    }
  }
}
