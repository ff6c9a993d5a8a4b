package dev.podidentity.association;

import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * Measures a store with 100,000 associations: memory, file size, start-up and durable writes. The
 * one argument is a folder to work in.
 */
public final class AssociationScale {
  static final int COUNT = 100_000;

  private static final int PER_NAMESPACE = 200;
  private static final int WRITES = 500;
  private static final int STARTS = 5;
  private static final double MIB = 1024 * 1024;

  private AssociationScale() {}

  /** Measures and prints. */
  public static void main(String[] args) throws IOException {
    long before = usedMemory();
    AssociationStore store = filled();
    long after = usedMemory();
    System.out.printf(
        "memory: %.1f MiB, %d bytes an association%n",
        (after - before) / MIB, (after - before) / store.size());

    Path file = Path.of(args[0]).resolve("associations.jsonl");
    writeAll(store, file);
    System.out.printf("file: %.1f MiB%n", Files.size(file) / MIB);
    store.close();

    for (int i = 0; i < STARTS; i++) {
      long start = System.nanoTime();
      try (AssociationStore opened = settings().file(file)) {
        System.out.printf("start-up of %d: %d ms%n", opened.size(), millisSince(start));
      }
    }
    try (AssociationStore opened = settings().file(file)) {
      long start = System.nanoTime();
      for (int i = 0; i < WRITES; i++) {
        opened.create(new ServiceAccountRef("extra", "sa-" + i), AssociationFixtures.ROLE);
      }
      System.out.printf("durable write: %.2f ms each%n", (double) millisSince(start) / WRITES);
    }
  }

  static AssociationStore filled() {
    AssociationStore store = settings().inMemory();
    for (int i = 0; i < COUNT; i++) {
      store.create(account(i), AssociationFixtures.ROLE);
    }
    return store;
  }

  static ServiceAccountRef account(int i) {
    return new ServiceAccountRef("namespace-" + i / PER_NAMESPACE, "service-account-" + i);
  }

  // A seeded generator: drawing ids securely is no part of what is measured.
  private static AssociationStoreBuilder settings() {
    return AssociationStore.builder(AssociationFixtures.CLUSTER)
        .random(new Random(1))
        .maxAssociations(2 * COUNT);
  }

  private static void writeAll(AssociationStore store, Path file) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      out.write(JournalLine.header(AssociationFixtures.CLUSTER));
      for (PodIdentityAssociation association : store.all().toList()) {
        out.write(
            JournalLine.of(
                new AssociationChange.Put(new StoredAssociation(association, null, null))));
      }
    }
  }

  private static long millisSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private static long usedMemory() {
    for (int i = 0; i < STARTS; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
