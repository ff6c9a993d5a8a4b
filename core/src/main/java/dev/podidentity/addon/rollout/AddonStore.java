package dev.podidentity.addon.rollout;

import dev.podidentity.association.ClusterArn;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where the add-on of one cluster is kept: its state, its history, the revisions of its agents, and
 * what is under way. One {@link ClusterAddons} has it open at a time, and closes it.
 */
public abstract class AddonStore implements AutoCloseable {
  AddonStore() {}

  /** A store that ends with the process. */
  public static AddonStore inMemory() {
    return new MemoryAddonStore();
  }

  /**
   * A store in a file, which is made when there is something to keep. What a change has returned
   * from is on disk: a process that is killed at any moment loses none of it. The file may hold
   * secrets, as configuration values may: only its owner may read it.
   *
   * @param file the file; beside it, a file whose name ends in {@code .lock} keeps others out
   * @throws IOException if the folder cannot be made, or the file is in use
   */
  public static AddonStore file(Path file) throws IOException {
    return FileAddonStore.open(file);
  }

  /**
   * What is kept; nothing at first.
   *
   * @throws IOException if it cannot be read, or is another cluster's
   */
  abstract AddonState load(ClusterArn cluster) throws IOException;

  /** Keeps a state, in place of the one before. */
  abstract void save(ClusterArn cluster, AddonState state) throws IOException;

  /** Lets the next one open it. */
  @Override
  public abstract void close();
}
