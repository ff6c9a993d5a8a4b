package dev.podidentity.credential.cache;

import static java.util.Objects.requireNonNull;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.cache.EntryTable.Known;
import dev.podidentity.schedule.OwnedThreads;
import dev.podidentity.schedule.Scheduler;
import dev.podidentity.schedule.Scheduler.Scheduled;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Answers from credentials that it keeps, one entry a pod, renewed before they grow old; asks
 * another source only for what it has not got.
 *
 * <p>Requests with the same token make one call, which goes on when the clients that asked have
 * gone. A client waits at most {@link CacheSettings#waiterDeadline}. An entry answers only tokens
 * that the source accepted, or, with a verifier, that were verified on this machine to be the same
 * pod's: what a token merely claims has no effect on anybody else's entry.
 *
 * <p>Thread-safe. A request that is answered from the cache takes no lock.
 */
public final class CachingCredentialSource implements CredentialSource, AutoCloseable {
  private final CacheSettings settings;
  private final Clock clock;
  private final Scheduler scheduler;
  private final OwnedThreads ownedThreads;
  private final ListenerRelay events;
  private final EntryTable table;
  private final Flights flights = new Flights();
  private final Refusals refusals;
  private final Renewals renewals;
  private final FlightDeck deck;

  private CachingCredentialSource(Builder builder) {
    settings = builder.settings;
    clock = builder.clock;
    ownedThreads = new OwnedThreads("pod-identity-cache");
    Executor executor = builder.executor != null ? builder.executor : ownedThreads.executor();
    scheduler = builder.scheduler != null ? builder.scheduler : ownedThreads.scheduler();
    events = new ListenerRelay(builder.listener, executor, scheduler);
    table = new EntryTable(settings.maxEntries());
    refusals = new Refusals(settings.refusalMemory());
    renewals = new Renewals(table, settings, clock, scheduler, builder.random, events, this::renew);
    deck =
        new FlightDeck(
            settings,
            executor,
            clock,
            new Upstream(builder.source, builder.presence, clock, events),
            table,
            flights,
            refusals,
            new RotatedTokens(builder.verifier, table, flights),
            renewals,
            events);
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
    return issue(token).credentials();
  }

  @Override
  public Issuance issue(ServiceAccountToken token) {
    return issue(token, Sender.UNKNOWN);
  }

  /**
   * The same for a client at this address. Requests that have to wait for the source do so in turn
   * of the addresses, and one address has half of the calls at most. An address whose tokens the
   * source does not take for tokens of the cluster is told {@link FailureReason#OVERLOADED} until
   * it has sent none for a while.
   */
  @Override
  public Issuance issue(ServiceAccountToken token, InetAddress client) {
    return issue(token, Sender.at(client));
  }

  private Issuance issue(ServiceAccountToken token, Sender sender) {
    TemporaryCredentials present = find(token);
    return present != null ? Issuance.cached(present) : await(miss(token, sender));
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
    return request(token, Sender.UNKNOWN);
  }

  /** The same for a client at this address, as {@link #issue(ServiceAccountToken, InetAddress)}. */
  public CompletableFuture<Issuance> request(ServiceAccountToken token, InetAddress client) {
    return request(token, Sender.at(client));
  }

  private CompletableFuture<Issuance> request(ServiceAccountToken token, Sender sender) {
    TemporaryCredentials present = find(token);
    return present != null
        ? CompletableFuture.completedFuture(Issuance.cached(present))
        : miss(token, sender);
  }

  @Override
  public boolean hasAccepted(ServiceAccountToken token) {
    return isAccepted(table.known(token.value()));
  }

  private boolean isAccepted(@Nullable Known known) {
    return known != null && known.entry().held().accepts(known.token(), clock.millis());
  }

  @Override
  public Optional<ServiceAccountToken> acceptedToken(String text) {
    Known known = table.known(text);
    return known != null && isAccepted(known) ? Optional.of(known.token()) : Optional.empty();
  }

  /** What the cache holds and does now; goes over all entries. */
  public CacheState state() {
    return new CacheState(
        table.size(),
        table.nearestExpiry(),
        table.firstWithout(),
        flights.size(),
        flights.waiters(),
        deck.gate().running(),
        deck.gate().waiting(),
        renewals.waiting(),
        renewals.pausedUntil(),
        events.lost());
  }

  /** What the cache holds for each pod now, in no order and without secrets; goes over all. */
  public List<CacheEntry> entries() {
    return table.snapshot();
  }

  private @Nullable TemporaryCredentials find(ServiceAccountToken token) {
    Known known = table.known(token.value());
    if (known == null) {
      return null;
    }
    Entry entry = known.entry();
    TemporaryCredentials credentials = entry.answer(token, clock.millis());
    if (credentials == null) {
      return null;
    }
    if (!entry.isWanted()) {
      renewals.want(entry);
    }
    events.hit();
    return credentials;
  }

  private CompletableFuture<Issuance> miss(ServiceAccountToken token, Sender sender) {
    CredentialException refusal = refusals.find(token, clock.millis());
    if (refusal != null) {
      events.tell(to -> to.refused(token, refusal));
      return CompletableFuture.failedFuture(refusal);
    }
    var boarding = flights.board(token, () -> Flight.miss(token, sender));
    Flight flight = boarding.flight();
    if (flight == null) {
      return CompletableFuture.failedFuture(closed());
    }
    flight.waiters().incrementAndGet();
    if (boarding.begun()) {
      events.tell(to -> to.missed(token));
      deck.begin(flight);
    } else {
      events.tell(to -> to.joined(token));
      deck.gate().promote(flight);
    }
    return waiter(flight);
  }

  private CompletableFuture<Issuance> waiter(Flight flight) {
    CompletableFuture<Issuance> waiter = flight.outcome().copy();
    Scheduled deadline =
        waiter.isDone()
            ? () -> {}
            : scheduler.schedule(
                () -> waiter.completeExceptionally(pending(flight.token())),
                settings.waiterDeadline());
    var unused =
        waiter.whenComplete(
            (issuance, failure) -> {
              deadline.cancel();
              flight.waiters().decrementAndGet();
            });
    return waiter;
  }

  private static Issuance await(CompletableFuture<Issuance> waiter) {
    try {
      return waiter.get();
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      waiter.cancel(false);
      throw closed();
    }
  }

  // The same failure goes to all that wait: each throws its own, with its own stack.
  private static CredentialException failure(ExecutionException e) {
    if (e.getCause() instanceof CredentialException cause) {
      return new CredentialException(
          cause.reason(),
          String.valueOf(cause.getMessage()),
          cause.requestId().orElse(null),
          cause.retryAfter().orElse(null),
          cause);
    }
    throw new IllegalStateException("a flight ends with credentials or a typed failure", e);
  }

  private static CredentialException pending(ServiceAccountToken token) {
    return new CredentialException(
        FailureReason.PENDING,
        "The credentials of service account "
            + token.serviceAccount()
            + " are still being fetched: try again");
  }

  private static CredentialException closed() {
    return new CredentialException(
        FailureReason.CLOSED, "The agent is being stopped: try again when it runs");
  }

  private void renew(Entry entry) {
    deck.renew(entry);
  }

  /**
   * Ends renewals, lets go of all credentials and fails whoever waits with {@link
   * FailureReason#CLOSED}. Calls that the source is working on end by themselves; their answers are
   * thrown away. Threads that were not given to the builder end.
   */
  @Override
  public void close() {
    renewals.close();
    deck.gate().close();
    flights.close().forEach(flight -> flight.fail(closed()));
    events.tellHits();
    ownedThreads.close();
  }

  /** Collects the parts of a cache. Not thread-safe. */
  public static final class Builder {
    private final CredentialSource source;
    private CacheSettings settings = CacheSettings.defaults();
    private Clock clock = Clock.systemUTC();
    private @Nullable Scheduler scheduler;
    private @Nullable Executor executor;
    private RandomGenerator random = new Random();
    private @Nullable TokenVerifier verifier;
    private PodPresence presence = PodPresence.UNKNOWN;
    private CacheListener listener = CacheListener.NONE;

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

    /** Sets what runs renewals and deadlines at their time; a thread of its own if not set. */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = requireNonNull(scheduler, "scheduler");
      return this;
    }

    /**
     * Sets what calls the source, verifies tokens and tells the listener; threads of its own, as
     * many as are busy, if not set. Needs room for twice {@link CacheSettings#maxConcurrentCalls}
     * tasks that block and one more, and must not run them on the calling thread if clients are to
     * be answered in time.
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

    /** Sets who knows which pods are gone; {@link PodPresence#UNKNOWN} if not set. */
    public Builder presence(PodPresence presence) {
      this.presence = requireNonNull(presence, "presence");
      return this;
    }

    /** Sets who is told what the cache does; nobody if not set. */
    public Builder listener(CacheListener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /** The cache, which is its owner's to close. */
    public CachingCredentialSource build() {
      return new CachingCredentialSource(this);
    }
  }
}
