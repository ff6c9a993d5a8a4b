package dev.podidentity.addon.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.podidentity.association.ClusterArn;
import dev.podidentity.storage.CheckedLine;
import dev.podidentity.storage.DurableFile;
import dev.podidentity.storage.OwnerOnly;
import dev.podidentity.storage.SoleOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Keeps the state as one checked line of a file, which each change replaces. */
final class FileAddonStore extends AddonStore {
  private final Path path;
  private final DurableFile file;
  private final SoleOwner owner;

  private FileAddonStore(Path path, Path folder, SoleOwner owner) {
    this.path = path;
    this.file = new DurableFile(path, folder);
    this.owner = owner;
  }

  static FileAddonStore open(Path given) throws IOException {
    Path absolute = given.toAbsolutePath();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    if (name == null || parent == null) {
      throw new NoSuchFileException(given.toString(), null, "is no file");
    }
    Path folder = OwnerOnly.createFolder(parent).toRealPath();
    return new FileAddonStore(
        folder.resolve(name), folder, SoleOwner.of(folder.resolve(name + ".lock")));
  }

  @Override
  AddonState load(ClusterArn cluster) throws IOException {
    if (!Files.exists(path)) {
      return AddonState.NONE;
    }
    String text = Files.readString(path, UTF_8).stripTrailing();
    try {
      return StateJson.read(text.startsWith("{") ? text : CheckedLine.verified(text), cluster);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "The add-on in "
              + path
              + " cannot be trusted: it "
              + e.getMessage()
              + ". Put the file back from a backup, or move it away to start anew",
          e);
    }
  }

  @Override
  void save(ClusterArn cluster, AddonState state) throws IOException {
    byte[] line = CheckedLine.of(StateJson.write(state, cluster)).getBytes(UTF_8);
    file.replace(out -> out.write(line));
  }

  @Override
  public void close() {
    owner.close();
  }
}
