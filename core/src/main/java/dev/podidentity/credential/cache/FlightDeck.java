package dev.podidentity.credential.cache;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes flights from their beginning to their end: what the pod has already, or else a call of the
 * source, and what follows for the cache. Thread-safe.
 */
final class FlightDeck {
  private static final Logger log = LoggerFactory.getLogger(FlightDeck.class);

  private static final Duration KEYS_USED_EVERY = Duration.ofMinutes(1);

  private final CacheSettings settings;
  private final Executor executor;
  private final Clock clock;
  private final Upstream upstream;
  private final EntryTable table;
  private final Flights flights;
  private final Refusals refusals;
  private final RotatedTokens rotated;
  private final Renewals renewals;
  private final ListenerRelay events;
  private final UpstreamGate gate;
  private final Shares verifications;
  private final FutileCalls futile = new FutileCalls();
  private final AtomicLong keysUsedAt = new AtomicLong();

  FlightDeck(
      CacheSettings settings,
      Executor executor,
      Clock clock,
      Upstream upstream,
      EntryTable table,
      Flights flights,
      Refusals refusals,
      RotatedTokens rotated,
      Renewals renewals,
      ListenerRelay events) {
    this.settings = settings;
    this.executor = executor;
    this.clock = clock;
    this.upstream = upstream;
    this.table = table;
    this.flights = flights;
    this.refusals = refusals;
    this.rotated = rotated;
    this.renewals = renewals;
    this.events = events;
    this.gate = new UpstreamGate(executor, settings, this::flyToTheEnd, this::overloaded);
    this.verifications = new Shares(settings.maxConcurrentCalls());
  }

  UpstreamGate gate() {
    return gate;
  }

  /** Begins the flight of a request. */
  void begin(Flight flight) {
    if (!rotated.concern(flight)) {
      gate.submitMiss(flight);
    } else if (!verifyAside(flight.sender(), () -> findOrSubmit(flight))) {
      gate.submitMiss(flight);
    }
  }

  // Beside the gate: when the source is slow, tokens can be verified all the same.
  private boolean verifyAside(Sender sender, Runnable work) {
    if (!verifications.tryTake(sender)) {
      return false;
    }
    try {
      executor.execute(
          () -> {
            try {
              work.run();
            } finally {
              verifications.give(sender);
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      verifications.give(sender);
      return false;
    }
  }

  private void findOrSubmit(Flight flight) {
    Entry entry = rotated.entryFor(flight);
    if (entry != null) {
      events.tell(to -> to.rotated(flight.token()));
      renewals.want(entry);
    }
    TemporaryCredentials credentials = answer(entry, flight);
    Flight other = credentials == null ? rotated.flightFor(flight) : null;
    if (credentials != null) {
      land(flight, Issuance.cached(credentials));
    } else if (other != null) {
      follow(other, flight);
    } else {
      gate.submitMiss(flight);
    }
  }

  private @Nullable TemporaryCredentials answer(@Nullable Entry entry, Flight flight) {
    return entry == null ? null : entry.answer(flight.token(), clock.millis());
  }

  // What the other one gets is this pod's; if it fails, this token is tried by itself.
  private void follow(Flight other, Flight flight) {
    gate.promote(other);
    var unused =
        other
            .outcome()
            .whenComplete(
                (issuance, failure) -> {
                  Entry entry = failure == null ? rotated.entryFor(flight) : null;
                  TemporaryCredentials answer = answer(entry, flight);
                  if (answer != null) {
                    land(flight, Issuance.cached(answer));
                  } else {
                    gate.submitMiss(flight);
                  }
                });
  }

  /** Renews an entry. */
  void renew(Entry entry) {
    Held held = entry.held();
    var boarding = flights.board(held.token(), () -> Flight.renewal(entry, held));
    if (boarding.begun() && boarding.flight() != null) {
      gate.submitRenewal(boarding.flight());
    } else {
      renewals.retry(entry);
    }
  }

  // Whatever goes wrong on the way: those who wait are told, and the next request begins anew.
  private void flyToTheEnd(Flight flight) {
    try {
      fly(flight);
    } catch (Throwable e) {
      log.atError().setCause(e).log("A flight failed in a way that nobody foresaw");
      end(
          flight,
          new CredentialException(
              FailureReason.UNEXPECTED, "The agent failed: its log has the cause"));
      if (flight.renewal() != null) {
        renewals.retry(flight.renewal().entry());
      }
    }
  }

  private void fly(Flight flight) {
    Flight.Renewal renewal = flight.renewal();
    if (renewal == null) {
      TemporaryCredentials present = answer(table.find(flight.key()), flight);
      if (present != null) {
        land(flight, Issuance.cached(present));
        return;
      }
      if (futile.areTooMany(flight.sender(), clock.millis()) && !rotated.isVerified(flight)) {
        end(flight, heldBack());
        return;
      }
    } else if (flight.waiters().get() == 0 && upstream.knowsToBeGone(flight.token())) {
      renewals.drop(renewal.entry(), DropReason.POD_GONE);
      end(flight, new CredentialException(FailureReason.PENDING, "The pod was gone: try again"));
      return;
    }
    try {
      answered(flight, upstream.call(flight.token()));
    } catch (CredentialException e) {
      failed(flight, e);
    }
  }

  private void answered(Flight flight, TemporaryCredentials credentials) {
    Flight.Renewal renewal = flight.renewal();
    if (renewal != null) {
      renewals.sourceAnswered();
    }
    if (renewal != null && table.renew(renewal.entry(), flight.token(), credentials)) {
      renewals.keep(renewal.entry());
      events.tell(to -> to.renewed(flight.token(), credentials.expiration()));
    } else if (renewal == null || flight.waiters().get() > 0) {
      store(flight, credentials);
    }
    land(flight, Issuance.fresh(credentials));
    keepKeysFresh(flight);
  }

  // Whose result does not matter: what was verified a minute ago leaves the keys at hand for the
  // time when they cannot be fetched.
  private void keepKeysFresh(Flight flight) {
    long now = clock.millis();
    long before = keysUsedAt.get();
    if (rotated.hasVerifier()
        && now - before >= KEYS_USED_EVERY.toMillis()
        && keysUsedAt.compareAndSet(before, now)) {
      var unused = verifyAside(Sender.UNKNOWN, () -> rotated.keepKeysFresh(flight.token()));
    }
  }

  private void store(Flight flight, TemporaryCredentials credentials) {
    if (!settings.keepsCredentials()) {
      return;
    }
    EntryTable.Stored stored = table.store(flight.token(), credentials, clock.millis());
    if (stored != null) {
      renewals.gone(stored.evicted(), DropReason.CACHE_FULL);
      renewals.keep(stored.entry());
      events.tell(to -> to.stored(flight.token(), credentials.expiration()));
    }
  }

  private void failed(Flight flight, CredentialException failure) {
    futile.failed(flight.sender(), failure, clock.millis());
    if (failure.reasons().contains(FailureReason.THROTTLED)) {
      renewals.sourceThrottled();
    }
    if (flight.renewal() != null) {
      events.tell(to -> to.renewalFailed(flight.token(), failure));
      renewals.failed(flight.renewal(), failure);
    }
    if (!failure.reason().retryable()) {
      refusals.remember(flight.token(), failure, clock.millis());
      if (flight.waiters().get() > 0) {
        events.tell(to -> to.refused(flight.token(), failure));
      }
    }
    end(flight, failure);
  }

  // An address may be shared, as the node's own is: the others there are to try again.
  private static CredentialException heldBack() {
    return new CredentialException(
        FailureReason.OVERLOADED,
        "The tokens that come from this address are not tokens of this cluster: no more of them are"
            + " asked for now");
  }

  private void overloaded(Flight flight) {
    if (flight.renewal() != null) {
      renewals.retry(flight.renewal().entry());
    }
    end(
        flight,
        new CredentialException(
            FailureReason.OVERLOADED,
            "The agent has as many calls to EKS Auth under way and waiting as it may: try again"));
  }

  // First out of the flights, then told: who comes now finds the entry, or begins anew.
  private void land(Flight flight, Issuance issuance) {
    flights.remove(flight);
    flight.land(issuance);
  }

  private void end(Flight flight, CredentialException failure) {
    flights.remove(flight);
    flight.fail(failure);
  }
}
