package dev.podidentity.credential.cache;

import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what a pod has already, for another token than the one that it was granted to: an entry or
 * a fetch, and only after both tokens were verified on this machine. Thread-safe.
 */
final class TokenChecks {
  private static final Logger log = LoggerFactory.getLogger(TokenChecks.class);

  private final @Nullable TokenVerifier verifier;
  private final Grants grants;
  private final InFlightFetches fetches;

  TokenChecks(@Nullable TokenVerifier verifier, Grants grants, InFlightFetches fetches) {
    this.verifier = verifier;
    this.grants = grants;
    this.fetches = fetches;
  }

  /** Whether verifying may spare a call: another token claims the same pod. Never blocks. */
  boolean mayHelp(Fetch fetch) {
    return verifier != null
        && fetch.pod().isPod()
        && (grants.find(fetch.pod()) != null || fetches.otherOfPod(fetch) != null);
  }

  /** The pod's entry, which has accepted the fetch's token now; null if it is not the pod's. */
  @Nullable Entry entryFor(Fetch fetch) {
    Entry entry = grants.find(fetch.pod());
    if (entry == null || !entry.grant().isOfSameAccount(fetch.token()) || !isVerified(fetch)) {
      return null;
    }
    return grants.accept(entry, fetch.token()) ? entry : null;
  }

  /** Another fetch of the same pod, started with a token that is genuine too; null if none is. */
  @Nullable Fetch fetchFor(Fetch fetch) {
    Fetch other = fetches.otherOfPod(fetch);
    if (other == null || !Grant.sameAccount(other.token(), fetch.token())) {
      return null;
    }
    return isVerified(fetch) && isVerified(other) ? other : null;
  }

  boolean hasVerifier() {
    return verifier != null;
  }

  /** Whether the fetch's token is known to be genuine, or is found to be so now. */
  boolean isVerified(Fetch fetch) {
    if (!fetch.isTrusted() && verifies(fetch.token())) {
      fetch.trust();
    }
    return fetch.isTrusted();
  }

  /** Whether the token is found to be genuine; false as well if that cannot be found out. */
  @SuppressWarnings("CatchingUnchecked") // in doubt, the source decides
  boolean verifies(ServiceAccountToken token) {
    if (verifier == null) {
      return false;
    }
    try {
      verifier.verify(token);
      return true;
    } catch (InvalidTokenException | KeysUnavailableException e) {
      // Not known to be the pod's: the source decides.
      return false;
    } catch (Throwable e) {
      log.atWarn().setCause(e).log("Internal error of a token verifier: the source is asked");
      return false;
    }
  }
}
