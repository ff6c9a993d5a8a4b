package dev.podidentity.credential.cache;

import dev.podidentity.credential.ClientKey;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fetches that wait, a lane for each client. The lanes have their turns one after the other, and
 * when there is no room, the longest one gives way: a client that asks much waits for itself. Not
 * thread-safe.
 */
final class FairQueue {
  private final int room;

  /** In the order of their turns; none is empty. */
  private final Map<ClientKey, Deque<Fetch>> lanes = new LinkedHashMap<>();

  private int size;

  FairQueue(int room) {
    this.room = room;
  }

  /**
   * Lets a fetch wait.
   *
   * @return the fetch that there is no room for, this one or the newest of the longest lane; null
   *     if there is room for all
   */
  @Nullable Fetch add(Fetch fetch) {
    Fetch displaced = size < room ? null : displaceFor(fetch);
    if (displaced != fetch) {
      lanes.computeIfAbsent(fetch.client(), client -> new ArrayDeque<>()).add(fetch);
      size++;
    }
    return displaced;
  }

  // Only by a lane that stays shorter than the one that gives way.
  private Fetch displaceFor(Fetch fetch) {
    int own = lengthOf(lanes.get(fetch.client()));
    Deque<Fetch> longest =
        lanes.values().stream().max(Comparator.comparingInt(Deque::size)).orElse(null);
    if (longest == null || longest.size() <= own + 1) {
      return fetch;
    }
    size--;
    return longest.removeLast();
  }

  private static int lengthOf(@Nullable Deque<Fetch> lane) {
    return lane == null ? 0 : lane.size();
  }

  /** Takes a fetch out, wherever it is. */
  void remove(Fetch fetch) {
    Deque<Fetch> lane = lanes.get(fetch.client());
    if (lane != null && lane.remove(fetch)) {
      size--;
      if (lane.isEmpty()) {
        lanes.remove(fetch.client());
      }
    }
  }

  /** All that wait, at this moment. */
  List<Fetch> all() {
    return lanes.values().stream().flatMap(Deque::stream).toList();
  }

  boolean hasRoom() {
    return size < room;
  }

  /** The clients that have a fetch here, in the order of their turns; not to be kept. */
  Iterable<ClientKey> clients() {
    return lanes.keySet();
  }

  /** Takes this client's turn: its first fetch leaves, and its lane goes to the end. */
  @Nullable Fetch poll(ClientKey client) {
    Deque<Fetch> lane = lanes.remove(client);
    if (lane == null) {
      return null;
    }
    Fetch next = lane.poll();
    size--;
    if (!lane.isEmpty()) {
      lanes.put(client, lane);
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
