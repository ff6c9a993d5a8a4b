package dev.podidentity.addon.rollout;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the nodes are.
 *
 * @param allUpdated whether every node has a ready agent of the target, and nothing is under way
 * @param allStopped whether the agent of every node was stopped
 * @param overdue whether the deadline has passed
 * @param failing the nodes whose agent failed as often as it may, with the reasons
 * @param down the nodes that have no ready agent, with the reasons
 * @param missing the nodes that are not as they should be, with the reasons
 */
record NodeReport(
    boolean allUpdated,
    boolean allStopped,
    boolean overdue,
    Map<String, String> failing,
    Map<String, String> down,
    Map<String, String> missing) {
  private static final int MAX_NAMED = 5;

  boolean givenUp() {
    return overdue || !failing.isEmpty();
  }

  /** Why things do not go on. */
  String reason() {
    return failing.isEmpty()
        ? "The deadline has passed for agents on " + named(missing)
        : "Agents failed on " + named(failing);
  }

  /** The nodes without an agent, those where it failed as often as it may before all others. */
  Map<String, String> ill() {
    return failing.isEmpty() ? down : failing;
  }

  /** Why agents are missing. */
  String illness() {
    return "Agents are not ready on " + named(ill());
  }

  private static String named(Map<String, String> nodes) {
    String first =
        nodes.entrySet().stream()
            .limit(MAX_NAMED)
            .map(node -> node.getKey() + " (" + node.getValue() + ")")
            .collect(Collectors.joining(", "));
    return first + (nodes.size() > MAX_NAMED ? " and " + (nodes.size() - MAX_NAMED) + " more" : "");
  }
}
