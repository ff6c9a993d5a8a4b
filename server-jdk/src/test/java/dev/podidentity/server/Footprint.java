package dev.podidentity.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a process holds.
 *
 * @param threads its platform threads
 * @param descriptors its open files and sockets
 */
record Footprint(int threads, int descriptors) {
  private static final int ROUNDS = 600;

  static Footprint now() throws IOException {
    return new Footprint(entries("/proc/self/task"), entries("/proc/self/fd"));
  }

  private static int entries(String folder) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(folder))) {
      return (int) entries.count();
    }
  }

  /** What is left once it is no more than this, and a little; or after a minute. */
  Footprint afterwards(int tolerance) throws Exception {
    var never = new CountDownLatch(1);
    Footprint left = now();
    for (int i = 0; i < ROUNDS && !left.isWithin(this, tolerance); i++) {
      var unused = never.await(100, TimeUnit.MILLISECONDS);
      left = now();
    }
    return left;
  }

  boolean isWithin(Footprint other, int tolerance) {
    return threads <= other.threads + tolerance && descriptors <= other.descriptors + tolerance;
  }

  /** Bytes on the heap once everything was collected that nobody holds. */
  static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
