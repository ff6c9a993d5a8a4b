package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** Collects the settings of an association store. Not thread-safe. */
public final class AssociationStoreBuilder {
  /** How many associations EKS lets a cluster have: 5,000. */
  public static final int DEFAULT_MAX_ASSOCIATIONS = 5_000;

  private static final int DEFAULT_MIN_GARBAGE = 1_000;

  final ClusterArn cluster;
  int maxAssociations = DEFAULT_MAX_ASSOCIATIONS;
  Clock clock = Clock.systemUTC();
  RandomGenerator random = new SecureRandom();
  AssociationStoreListener listener = new AssociationStoreListener() {};
  int minGarbage = DEFAULT_MIN_GARBAGE;

  AssociationStoreBuilder(ClusterArn cluster) {
    this.cluster = requireNonNull(cluster, "cluster");
  }

  /**
   * Sets how many associations there may be; {@value #DEFAULT_MAX_ASSOCIATIONS} if not set.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public AssociationStoreBuilder maxAssociations(int maxAssociations) {
    if (maxAssociations < 0) {
      throw new IllegalArgumentException("maxAssociations is not negative: " + maxAssociations);
    }
    this.maxAssociations = maxAssociations;
    return this;
  }

  /** Sets the time that associations are created and modified at; the system's if not set. */
  public AssociationStoreBuilder clock(Clock clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /** Sets what ids and external ids are drawn from; a {@link SecureRandom} if not set. */
  public AssociationStoreBuilder random(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
    return this;
  }

  /** Sets who is told of changes that others make to the file; nobody if not set. */
  public AssociationStoreBuilder listener(AssociationStoreListener listener) {
    this.listener = requireNonNull(listener, "listener");
    return this;
  }

  // How many superseded lines a file gathers before it is written anew.
  AssociationStoreBuilder minGarbage(int minGarbage) {
    this.minGarbage = minGarbage;
    return this;
  }

  /** A store in memory. */
  public AssociationStore inMemory() {
    return new JournaledAssociationStore(this, new MemoryJournal());
  }

  /**
   * A store in a file, which is made if it is not there. What a write has returned from is on disk:
   * a process that is killed at any moment loses none of it. Several stores, in one process or in
   * several, may have the same file open: they write one at a time, and each sees what the others
   * and an editor write. {@code docs/associations.md} describes the file.
   *
   * @param file the file; beside it, a file whose name ends in {@code .lock} keeps writers apart
   * @throws DamagedStoreException if the file is not what a store writes
   * @throws IOException if the file cannot be read or made
   */
  public AssociationStore file(Path file) throws IOException {
    return new JournaledAssociationStore(this, FileJournal.open(file, this));
  }
}
