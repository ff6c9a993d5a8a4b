package dev.podidentity.association;

import dev.podidentity.token.ServiceAccountRef;

/** Tells names apart that people mix up. */
final class SimilarNames {
  private static final int MAX_EDITS = 2;

  private SimilarNames() {}

  /** Whether one was likely meant for the other: another namespace, or a name mistyped. */
  static boolean areSimilar(ServiceAccountRef one, ServiceAccountRef other) {
    if (one.name().equals(other.name())) {
      return true;
    }
    return one.namespace().equals(other.namespace()) && areSimilar(one.name(), other.name());
  }

  private static boolean areSimilar(String one, String other) {
    return one.startsWith(other)
        || other.startsWith(one)
        || (Math.abs(one.length() - other.length()) <= MAX_EDITS && edits(one, other) <= MAX_EDITS);
  }

  /** Levenshtein's distance. */
  private static int edits(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[above.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, 1 + Math.min(row[j - 1], above[j]));
      }
      above = row;
    }
    return above[other.length()];
  }
}
