package dev.podidentity.examples.nodeagent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The file that a pod finds its token in; readable by this user only, gone when closed. */
final class ProjectedTokenFile implements AutoCloseable {
  private final Path folder;
  private final Path file;

  private ProjectedTokenFile(Path folder, Path file) {
    this.folder = folder;
    this.file = file;
  }

  static ProjectedTokenFile write(String token) throws IOException {
    // A temporary folder is made with mode 0700, and the file is made with 0600 before it is
    // filled.
    Path folder = Files.createTempDirectory("pod-identity-");
    Path file = folder.resolve("eks-pod-identity-token");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, token, StandardOpenOption.WRITE);
    return new ProjectedTokenFile(folder, file);
  }

  Path path() {
    return file;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(folder);
  }
}
