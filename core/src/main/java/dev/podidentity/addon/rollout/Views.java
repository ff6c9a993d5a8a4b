package dev.podidentity.addon.rollout;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes what readers see. */
final class Views {
  private Views() {}

  static EngineView of(AddonState state, Fleet fleet, Instant now) {
    DaemonSet there = state.daemonSet();
    return new EngineView(
        state,
        fleet.report(state, now),
        there == null
            ? new RolloutStatus(0, 0, 0, 0, false, true, false, Map.of(), Map.of())
            : status(state, there, fleet));
  }

  private static RolloutStatus status(AddonState state, DaemonSet there, Fleet fleet) {
    var revisions = new LinkedHashMap<String, Integer>();
    var failures = new LinkedHashMap<String, String>();
    int updated = 0;
    int available = 0;
    for (Node node : fleet.nodes()) {
      boolean ready = node.isReady();
      available += ready ? 1 : 0;
      updated += ready && there.isTarget(node.running) ? 1 : 0;
      revisions.put(node.name, there.find(node.running).map(AgentRevision::number).orElse(0));
      if (!ready && node.failures > 0) {
        failures.put(node.name, node.reason);
      }
    }
    return new RolloutStatus(
        there.target().number(),
        revisions.size(),
        updated,
        available,
        there.paused(),
        updated == revisions.size(),
        state.operation() instanceof Operation.Undo,
        revisions,
        failures);
  }
}
