package dev.podidentity.addon.rollout;

import dev.podidentity.association.ClusterArn;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Keeps what a file would hold, and fails when a test says so. */
final class RewritingStore extends AddonStore {
  private @Nullable String text;
  boolean full;

  @Override
  AddonState load(ClusterArn cluster) {
    return text == null ? AddonState.NONE : StateJson.read(text, cluster);
  }

  @Override
  void save(ClusterArn cluster, AddonState state) throws IOException {
    if (full) {
      throw new IOException("no space left");
    }
    text = StateJson.write(state, cluster);
  }

  @Override
  public void close() {}
}
