package dev.podidentity.credential.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.token.ServiceAccountToken;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The flights under way: one for a token. For each pod that is claimed, the first of its flights is
 * known too, for tokens that turn out to be that pod's. Thread-safe.
 */
final class Flights {
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<String, Flight> byToken = new HashMap<>();

  @GuardedBy("lock")
  private final Map<EntryKey, Flight> firstOfPod = new HashMap<>();

  @GuardedBy("lock")
  private boolean closed;

  /**
   * The flight of a token.
   *
   * @param flight the flight; null once closed
   * @param begun whether it was begun by this very question
   */
  record Boarding(@Nullable Flight flight, boolean begun) {}

  /** The flight of the token that is under way, or else a new one. */
  Boarding board(ServiceAccountToken token, Supplier<Flight> create) {
    synchronized (lock) {
      Flight present = closed ? null : byToken.get(token.value());
      if (closed || present != null) {
        return new Boarding(present, false);
      }
      Flight flight = create.get();
      byToken.put(token.value(), flight);
      firstOfPod.putIfAbsent(flight.key(), flight);
      return new Boarding(flight, true);
    }
  }

  /** Another flight that claims the same pod. */
  @Nullable Flight otherOfPod(Flight flight) {
    synchronized (lock) {
      Flight first = firstOfPod.get(flight.key());
      return first == flight ? null : first;
    }
  }

  void remove(Flight flight) {
    synchronized (lock) {
      byToken.remove(flight.token().value(), flight);
      firstOfPod.remove(flight.key(), flight);
    }
  }

  int size() {
    synchronized (lock) {
      return byToken.size();
    }
  }

  int waiters() {
    synchronized (lock) {
      return byToken.values().stream().mapToInt(flight -> flight.waiters().get()).sum();
    }
  }

  /** Takes all flights out and lets none in any more. */
  Collection<Flight> close() {
    synchronized (lock) {
      closed = true;
      List<Flight> all = List.copyOf(byToken.values());
      byToken.clear();
      firstOfPod.clear();
      return all;
    }
  }
}
