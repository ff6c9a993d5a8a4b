package dev.podidentity.addon.rollout;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Draws ids. */
final class Ids {
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SHORT_LENGTH = 10;

  private final RandomGenerator random;

  Ids(RandomGenerator random) {
    this.random = random;
  }

  String uuid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** An id of a revision; about 48 bits. */
  String shortId() {
    var id = new StringBuilder();
    random.ints(SHORT_LENGTH, 0, ALPHABET.length()).forEach(i -> id.append(ALPHABET.charAt(i)));
    return id.toString();
  }
}
