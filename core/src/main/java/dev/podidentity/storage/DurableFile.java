package dev.podidentity.storage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to a file so that what was written stays written. */
public final class DurableFile {
  private static final Logger log = LoggerFactory.getLogger(DurableFile.class);

  private final Path file;
  private final Path folder;

  /** A file, only its owner's where it is made here, and the folder that it is in, a real path. */
  public DurableFile(Path file, Path folder) {
    this.file = file;
    this.folder = folder;
  }

  /** What changes whenever the file does. */
  public record Stamp(@Nullable Object key, long size, FileTime modified) {}

  /** Writes a whole file. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** What the file looks like now. */
  public Stamp stamp() throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Stamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
  }

  /** Puts bytes at a position, cuts off what was behind it, and waits for the disk. */
  public void write(long position, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.size() > position) {
        channel.truncate(position);
      }
      var buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer, position + buffer.position());
      }
      channel.force(false);
    }
  }

  /**
   * Puts a new file in the old one's place, for its owner only: whoever looks finds the one or the
   * other, whole.
   */
  public void replace(Content content) throws IOException {
    Path fresh = folder.resolve(file.getFileName() + ".new");
    // Left by a crash, or put there by somebody who wants to read what is written.
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
            FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                OwnerOnly.file(fresh));
        var out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceFolder();
  }

  // A file's name is in its folder, which has to reach the disk as well.
  private void forceFolder() {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      log.atDebug().setCause(e).log("This system does not write folders out when asked to");
    }
  }
}
