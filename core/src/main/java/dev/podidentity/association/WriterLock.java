package dev.podidentity.association;

import dev.podidentity.storage.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one writer in at a time, in this process and in others. The operating system's file lock is
 * a process' own, and closing any channel of the file gives it up: so the file is opened only while
 * this process' own lock is held.
 */
final class WriterLock {
  private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

  private final Path file;
  private final ReentrantLock inProcess;

  // Only touched while this process' own lock is held.
  private @Nullable FileChannel channel;

  /** A lock by this file, whose path is absolute and real. */
  WriterLock(Path file) {
    this.file = file;
    this.inProcess = IN_PROCESS.computeIfAbsent(file, path -> new ReentrantLock());
  }

  void lock() throws IOException {
    inProcess.lock();
    boolean locked = false;
    try {
      channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              OwnerOnly.file(file));
      channel.lock();
      locked = true;
    } finally {
      if (!locked) {
        unlock();
      }
    }
  }

  void unlock() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      channel = null;
      inProcess.unlock();
    }
  }
}
