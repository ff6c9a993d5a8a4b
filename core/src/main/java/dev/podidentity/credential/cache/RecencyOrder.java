package dev.podidentity.credential.cache;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds the entry that was asked for least recently. A request only notes its time in the entry;
 * the order is put right when it is needed. An entry's place is never later than its last request,
 * so the first entry whose place is exact is the one. Not thread-safe.
 */
final class RecencyOrder {
  private record Place(long usedAt, long number, Entry entry) {}

  private final TreeSet<Place> places =
      new TreeSet<>(Comparator.comparingLong(Place::usedAt).thenComparingLong(Place::number));
  private final Map<Entry, Place> placeOf = new HashMap<>();
  private long count;

  void add(Entry entry) {
    var place = new Place(entry.lastUsed(), count++, entry);
    places.add(place);
    placeOf.put(entry, place);
  }

  void remove(Entry entry) {
    Place place = placeOf.remove(entry);
    if (place != null) {
      places.remove(place);
    }
  }

  /**
   * Takes out the least recently used entry.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  Entry removeLeastRecent() {
    while (true) {
      Place first = places.first();
      remove(first.entry());
      if (first.entry().lastUsed() == first.usedAt()) {
        return first.entry();
      }
      add(first.entry());
    }
  }
}
