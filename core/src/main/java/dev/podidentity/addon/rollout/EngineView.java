package dev.podidentity.addon.rollout;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonStatus;

/**
 * What readers see. Immutable.
 *
 * @param state the state
 * @param nodes how the nodes are
 * @param rollout how far the rollout has come
 */
record EngineView(AddonState state, NodeReport nodes, RolloutStatus rollout) {
  /** The add-on with its health. */
  Addon addon() {
    return addon(state);
  }

  /** The add-on of a state that has just been decided on. */
  Addon addon(AddonState decided) {
    Addon addon = Present.addon(decided);
    return addon.toBuilder().issues(Health.issues(decided, addon, nodes)).build();
  }

  /** The add-on that a deletion was about; it is gone at once if its agents are preserved. */
  Addon deleted(AddonState decided) {
    return decided.addon() != null
        ? addon(decided)
        : addon().toBuilder().status(AddonStatus.DELETING).build();
  }
}
