package dev.podidentity.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;

/**
 * A JWK Set on disk: replaced in one step, so that it is whole after any crash, and for its owner
 * only. Whoever can write it decides which tokens are genuine, so a file that others can write is
 * not read. Its time of modification is when the keys were fetched.
 */
final class KeyFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  private static final int MAX_BYTES = 1024 * 1024;

  private final Path file;

  KeyFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  void write(String keys, Instant fetchedAt) throws IOException {
    Path directory = file.getParent();
    if (directory == null) {
      throw new IOException(file + " is no file");
    }
    Path next =
        Files.createTempFile(
            directory,
            "." + file.getFileName(),
            ".tmp",
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(keys);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.setLastModifiedTime(next, FileTime.from(fetchedAt));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  /**
   * The keys, if they were fetched recently enough.
   *
   * @throws IOException if there are none that may be used
   */
  String read(Instant now, Duration maxAge) throws IOException {
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !Collections.disjoint(permissions, OTHERS_WRITE)) {
      throw new IOException(file + " is not a file that only its owner can write");
    }
    Instant fetchedAt = Files.getLastModifiedTime(file).toInstant();
    if (fetchedAt.plus(maxAge).isBefore(now)) {
      throw new IOException("the keys in " + file + " were fetched at " + fetchedAt);
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " is larger than any JWK Set");
    }
    return Files.readString(file);
  }
}
