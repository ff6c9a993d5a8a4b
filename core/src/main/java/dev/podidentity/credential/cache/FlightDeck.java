package dev.podidentity.credential.cache;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Takes flights from their beginning to their end: what the pod has already, or else a call of the
 * source, and what follows for the cache. Thread-safe.
 */
final class FlightDeck {
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
  private final Semaphore verifications;

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
    this.gate = new UpstreamGate(executor, settings, this::fly, this::overloaded);
    this.verifications = new Semaphore(settings.maxConcurrentCalls());
  }

  UpstreamGate gate() {
    return gate;
  }

  /** Begins the flight of a request. */
  void begin(Flight flight) {
    if (!rotated.concern(flight)) {
      gate.submitMiss(flight);
    } else if (!verifyAside(() -> findOrSubmit(flight))) {
      overloaded(flight);
    }
  }

  // Beside the gate: when the source is slow, tokens can be verified all the same.
  private boolean verifyAside(Runnable work) {
    if (!verifications.tryAcquire()) {
      return false;
    }
    try {
      executor.execute(
          () -> {
            try {
              work.run();
            } finally {
              verifications.release();
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      verifications.release();
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
      land(flight, credentials);
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
    var unused =
        other
            .outcome()
            .whenComplete(
                (credentials, failure) -> {
                  Entry entry = failure == null ? rotated.entryFor(flight) : null;
                  TemporaryCredentials answer = answer(entry, flight);
                  if (answer != null) {
                    land(flight, answer);
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

  private void fly(Flight flight) {
    Flight.Renewal renewal = flight.renewal();
    if (renewal == null) {
      TemporaryCredentials present = answer(table.find(flight.key()), flight);
      if (present != null) {
        land(flight, present);
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
    land(flight, credentials);
    if (rotated.hasVerifier()) {
      var unused = verifyAside(() -> rotated.keepKeysFresh(flight.token()));
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
    if (failure.reason() == FailureReason.THROTTLED) {
      renewals.sourceThrottled();
    }
    if (flight.renewal() != null) {
      events.tell(to -> to.renewalFailed(flight.token(), failure));
      renewals.failed(flight.renewal(), failure);
    }
    if (!failure.reason().retryable()) {
      refusals.remember(flight.token(), failure, clock.millis());
      events.tell(to -> to.refused(flight.token(), failure));
    }
    end(flight, failure);
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
  private void land(Flight flight, TemporaryCredentials credentials) {
    flights.remove(flight);
    flight.land(credentials);
  }

  private void end(Flight flight, CredentialException failure) {
    flights.remove(flight);
    flight.fail(failure);
  }
}
