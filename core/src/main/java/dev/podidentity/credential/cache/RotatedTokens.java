package dev.podidentity.credential.cache;

import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what a pod has already, for another token than the one that it was given to: an entry or a
 * flight, and only after both tokens were verified on this machine. Thread-safe.
 */
final class RotatedTokens {
  private static final Logger log = LoggerFactory.getLogger(RotatedTokens.class);

  private final @Nullable TokenVerifier verifier;
  private final EntryTable table;
  private final Flights flights;

  RotatedTokens(@Nullable TokenVerifier verifier, EntryTable table, Flights flights) {
    this.verifier = verifier;
    this.table = table;
    this.flights = flights;
  }

  /** Whether it is worth finding out: somebody else's token claims the same pod. Never blocks. */
  boolean concern(Flight flight) {
    return verifier != null
        && flight.key().ofPod()
        && (table.find(flight.key()) != null || flights.otherOfPod(flight) != null);
  }

  /** The pod's entry, which has accepted the flight's token now; null if it is not the pod's. */
  @Nullable Entry entryFor(Flight flight) {
    Entry entry = table.find(flight.key());
    if (entry == null || !entry.held().isOfSameAccount(flight.token()) || !isVerified(flight)) {
      return null;
    }
    return table.accept(entry, flight.token()) ? entry : null;
  }

  /** Another flight of the same pod, begun with a token that is genuine too; null if none is. */
  @Nullable Flight flightFor(Flight flight) {
    Flight other = flights.otherOfPod(flight);
    if (other == null || !Held.sameAccount(other.token(), flight.token())) {
      return null;
    }
    return isVerified(flight) && isVerified(other) ? other : null;
  }

  /** Verifies a token for nothing but the keys, which are then at hand when they cannot be had. */
  void keepKeysFresh(ServiceAccountToken token) {
    var unused = verifies(token);
  }

  boolean hasVerifier() {
    return verifier != null;
  }

  /** Whether the flight's token is known to be genuine, or is found to be so now. */
  boolean isVerified(Flight flight) {
    if (!flight.isTrusted() && verifies(flight.token())) {
      flight.trust();
    }
    return flight.isTrusted();
  }

  private boolean verifies(ServiceAccountToken token) {
    if (verifier == null) {
      return false;
    }
    try {
      verifier.verify(token);
      return true;
    } catch (InvalidTokenException | KeysUnavailableException e) {
      // Not known to be the pod's: whoever issues credentials decides.
      return false;
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("A token verifier failed in a way that nobody foresaw");
      return false;
    }
  }
}
