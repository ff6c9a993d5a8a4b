package dev.podidentity.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a file to one owner, in this process and in others, for as long as the owner lives. The
 * operating system's lock is a whole process', and closing any channel of the file gives it up: so
 * within the process the file is opened once only.
 */
public final class SoleOwner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SoleOwner.class);
  private static final Set<Path> OWNED = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private SoleOwner(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Becomes the owner.
   *
   * @param file what is locked, made if need be; its path is absolute and real
   * @throws IOException if somebody else is the owner, or the file cannot be made
   */
  public static SoleOwner of(Path file) throws IOException {
    if (!OWNED.add(file)) {
      throw new IOException(file + " is locked: this process has it open already");
    }
    try {
      return new SoleOwner(file, locked(file));
    } catch (IOException | RuntimeException e) {
      OWNED.remove(file);
      throw e;
    }
  }

  private static FileChannel locked(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            OwnerOnly.file(file));
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new IOException(file + " is locked: another process has it open, end that one first");
    }
    return channel;
  }

  /** Lets the next owner come; does nothing the second time. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("A lock could not be given back");
    } finally {
      OWNED.remove(file);
    }
  }
}
