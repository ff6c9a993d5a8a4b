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
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to a file so that what was written stays written. */
public final class DurableFile {
  private static final Logger log = LoggerFactory.getLogger(DurableFile.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path file;
  private final Path folder;
  private final boolean ownerOnly;

  /** A file and the folder that it is in, whose path is real. */
  public DurableFile(Path file, Path folder) {
    this(file, folder, false);
  }

  private DurableFile(Path file, Path folder, boolean ownerOnly) {
    this.file = file;
    this.folder = folder;
    this.ownerOnly = ownerOnly;
  }

  /** A file that only its owner may read, where the system has modes. */
  public static DurableFile ownerOnly(Path file, Path folder) {
    return new DurableFile(file, folder, true);
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

  /** Puts a new file in the old one's place: whoever looks finds the one or the other, whole. */
  public void replace(Content content) throws IOException {
    Path fresh = folder.resolve(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
            FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes());
        var out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceFolder();
  }

  private FileAttribute<?>[] attributes() {
    return ownerOnly && file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
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
