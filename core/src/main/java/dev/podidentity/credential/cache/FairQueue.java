package dev.podidentity.credential.cache;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Flights that wait, a lane for each sender. The lanes have their turns one after the other, and
 * when there is no room, the longest one gives way: who sends much waits for himself. Not
 * thread-safe.
 */
final class FairQueue {
  private final int room;

  /** In the order of their turns; none is empty. */
  private final Map<Sender, Deque<Flight>> lanes = new LinkedHashMap<>();

  private int size;

  FairQueue(int room) {
    this.room = room;
  }

  /**
   * Lets a flight wait.
   *
   * @return the flight that there is no room for, this one or the newest of the longest lane; null
   *     if there is room for all
   */
  @Nullable Flight add(Flight flight) {
    Flight displaced = size < room ? null : displaceFor(flight);
    if (displaced != flight) {
      lanes.computeIfAbsent(flight.sender(), sender -> new ArrayDeque<>()).add(flight);
      size++;
    }
    return displaced;
  }

  // Only by a lane that stays shorter than the one that gives way.
  private Flight displaceFor(Flight flight) {
    int own = lengthOf(lanes.get(flight.sender()));
    Deque<Flight> longest =
        lanes.values().stream().max(Comparator.comparingInt(Deque::size)).orElse(null);
    if (longest == null || longest.size() <= own + 1) {
      return flight;
    }
    size--;
    return longest.removeLast();
  }

  private static int lengthOf(@Nullable Deque<Flight> lane) {
    return lane == null ? 0 : lane.size();
  }

  boolean hasRoom() {
    return size < room;
  }

  /**
   * The next flight.
   *
   * @param admits whether one of this sender's may go now; asked in turn until one may
   * @return null if none may
   */
  @Nullable Flight poll(Predicate<Sender> admits) {
    for (Sender sender : lanes.keySet()) {
      if (admits.test(sender)) {
        return take(sender);
      }
    }
    return null;
  }

  private @Nullable Flight take(Sender sender) {
    Deque<Flight> lane = lanes.remove(sender);
    if (lane == null) {
      return null;
    }
    Flight next = lane.poll();
    size--;
    if (!lane.isEmpty()) {
      lanes.put(sender, lane);
    }
    return next;
  }

  int size() {
    return size;
  }

  void clear() {
    lanes.clear();
    size = 0;
  }
}
