package dev.podidentity.addon.rollout;

import static java.util.Objects.requireNonNull;

import dev.podidentity.addon.Addon;

/** What a state has wherever it is asked for here. */
final class Present {
  private Present() {}

  static Addon addon(AddonState state) {
    return requireNonNull(state.addon(), "addon");
  }

  static DaemonSet daemonSet(AddonState state) {
    return requireNonNull(state.daemonSet(), "daemonSet");
  }
}
