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
 * @param missing the nodes that are not as they should be, with the reasons
 */
record NodeReport(
    boolean allUpdated,
    boolean allStopped,
    boolean overdue,
    Map<String, String> failing,
    Map<String, String> missing) {
  private static final int MAX_NAMED = 5;

  boolean givenUp() {
    return overdue || !failing.isEmpty();
  }

  /** Why things do not go on. */
  String reason() {
    Map<String, String> named = failing.isEmpty() ? missing : failing;
    String nodes =
        named.entrySet().stream()
            .limit(MAX_NAMED)
            .map(node -> node.getKey() + " (" + node.getValue() + ")")
            .collect(Collectors.joining(", "));
    String others = named.size() > MAX_NAMED ? " and " + (named.size() - MAX_NAMED) + " more" : "";
    return (failing.isEmpty() ? "The deadline has passed for agents on " : "Agents failed on ")
        + nodes
        + others;
  }
}
