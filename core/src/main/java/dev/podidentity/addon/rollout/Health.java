package dev.podidentity.addon.rollout;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonIssue;
import dev.podidentity.addon.AddonIssueCode;
import dev.podidentity.addon.AddonStatus;
import java.util.ArrayList;
import java.util.List;

/** Says what is to be known of the add-on's health. */
final class Health {
  private Health() {}

  static List<AddonIssue> issues(AddonState state, Addon addon, NodeReport nodes) {
    var issues = new ArrayList<>(state.failure());
    agents(state, addon, nodes, issues);
    drift(state, issues);
    addon
        .serviceAccountRoleArn()
        .ifPresent(
            role ->
                issues.add(
                    new AddonIssue(
                        AddonIssueCode.UNSUPPORTED_ADDON_MODIFICATION,
                        "The service account role is not used: the agent's permissions come from"
                            + " the node's role",
                        List.of(role.toString()))));
    return issues;
  }

  private static void agents(
      AddonState state, Addon addon, NodeReport nodes, List<AddonIssue> issues) {
    boolean ill = !nodes.failing().isEmpty() || addon.status() == AddonStatus.DEGRADED;
    if (state.operation() == null && ill) {
      issues.add(
          new AddonIssue(
              AddonIssueCode.INSUFFICIENT_NUMBER_OF_REPLICAS,
              nodes.illness(),
              List.copyOf(nodes.ill().keySet())));
    }
  }

  // While something is under way, what is on the cluster is not yet what it is to be.
  private static void drift(AddonState state, List<AddonIssue> issues) {
    DaemonSet there = state.daemonSet();
    if (there == null || state.operation() != null) {
      return;
    }
    List<String> changed = there.outside().orElse(List.of());
    if (!changed.isEmpty()) {
      issues.add(
          new AddonIssue(
              AddonIssueCode.CONFIGURATION_CONFLICT,
              "Other values than the add-on's are on the cluster at " + String.join(", ", changed),
              changed));
    }
  }
}
