package dev.podidentity.addon.rollout;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonStatus;
import java.util.Map;

/**
 * What readers see. Immutable.
 *
 * @param state the state
 * @param failing the nodes whose agent failed as often as it may, with the reasons
 * @param rollout how far the rollout has come
 */
record EngineView(AddonState state, Map<String, String> failing, RolloutStatus rollout) {
  /** The add-on with its health. */
  Addon addon() {
    return addon(state);
  }

  /** The add-on of a state that has just been decided on. */
  Addon addon(AddonState decided) {
    Addon addon = Present.addon(decided);
    return addon.toBuilder().issues(Health.issues(decided, addon, failing)).build();
  }

  /** The add-on that a deletion was about; it is gone at once if its agents are preserved. */
  Addon deleted(AddonState decided) {
    return decided.addon() != null
        ? addon(decided)
        : addon().toBuilder().status(AddonStatus.DELETING).build();
  }
}
