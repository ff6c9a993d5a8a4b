package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Calls that came to nothing through the fault of those who sent the tokens: a few at once, and one
 * a second in the long run. Without that, one pod's forged tokens use up what EKS Auth lets the
 * whole account ask. Thread-safe.
 */
final class FutileCalls {
  /** No kubelet writes even one token that is refused as none. */
  static final int AT_ONCE = 20;

  static final int MAX_SENDERS = 1024;

  private static final double MILLIS_TO_FORGET_ONE = 1000;

  private record Tally(double calls, long at) {
    // A clock that was set back must not hold a sender back until it has caught up.
    double now(long now) {
      return Math.max(0, calls - Math.abs(now - at) / MILLIS_TO_FORGET_ONE);
    }
  }

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<Sender, Tally> bySender = new LinkedHashMap<>(16, 0.75f, true);

  /** Whether a sender has used up its calls for the moment. */
  boolean areTooMany(Sender sender, long now) {
    synchronized (lock) {
      Tally tally = bySender.get(sender);
      return tally != null && tally.now(now) > AT_ONCE - 1;
    }
  }

  /** A call for this sender has failed; in a chain, one source's word is enough. */
  void failed(Sender sender, CredentialException failure, long now) {
    if (!sender.isKnown()
        || failure.reasons().stream().noneMatch(FailureReason::countsAgainstClient)) {
      return;
    }
    synchronized (lock) {
      Tally before = bySender.getOrDefault(sender, new Tally(0, now));
      bySender.put(sender, new Tally(Math.min(AT_ONCE, before.now(now) + 1), now));
      if (bySender.size() > MAX_SENDERS) {
        Iterator<Sender> leastRecent = bySender.keySet().iterator();
        leastRecent.next();
        leastRecent.remove();
      }
    }
  }
}
