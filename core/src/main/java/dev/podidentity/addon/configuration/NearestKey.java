package dev.podidentity.addon.configuration;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the key that was meant by a mistyped one. */
final class NearestKey {
  private NearestKey() {}

  /** The nearest key, if a third of its letters at most are wrong; case counts for nothing. */
  static Optional<String> of(String typed, Collection<String> keys) {
    String lower = typed.toLowerCase(Locale.ROOT);
    return keys.stream()
        .filter(key -> edits(lower, key.toLowerCase(Locale.ROOT)) * 3 <= key.length())
        .min(
            Comparator.<String>comparingInt(key -> edits(lower, key.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Levenshtein's distance, where two letters that changed places are one edit. */
  private static int edits(String one, String other) {
    int[][] distance = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        distance[i][j] = i == 0 || j == 0 ? i + j : least(distance, one, other, i, j);
      }
    }
    return distance[one.length()][other.length()];
  }

  private static int least(int[][] distance, String one, String other, int i, int j) {
    boolean same = one.charAt(i - 1) == other.charAt(j - 1);
    int least =
        Math.min(
            distance[i - 1][j - 1] + (same ? 0 : 1),
            1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return swapped ? Math.min(least, distance[i - 2][j - 2] + 1) : least;
  }
}
