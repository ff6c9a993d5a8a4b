package dev.podidentity.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Modes of what only its owner may read or write, from the first moment on. */
public final class OwnerOnly {
  private static final FileAttribute<?>[] NONE = {};

  private OwnerOnly() {}

  /** How a file is made there: 0600, where the file system has modes. */
  public static FileAttribute<?>[] file(Path path) {
    return mode(path, "rw-------");
  }

  /** Makes a folder and those above it that are missing: 0700, where the file system has modes. */
  public static Path createFolder(Path folder) throws IOException {
    return Files.createDirectories(folder, mode(folder, "rwx------"));
  }

  private static FileAttribute<?>[] mode(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : NONE;
  }
}
