package dev.podidentity.addon.rollout;

import dev.podidentity.association.ClusterArn;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Keeps nothing beyond the process. */
final class MemoryAddonStore extends AddonStore {
  private volatile @Nullable ClusterArn owner;
  private volatile AddonState state = AddonState.NONE;

  @Override
  AddonState load(ClusterArn cluster) throws IOException {
    if (owner != null && !cluster.equals(owner)) {
      throw new IOException("The store holds the add-on of " + owner + ", and not of " + cluster);
    }
    return state;
  }

  @Override
  void save(ClusterArn cluster, AddonState next) {
    owner = cluster;
    state = next;
  }

  @Override
  public void close() {}
}
