package dev.podidentity.addon.rollout;

import dev.podidentity.addon.Addon;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a rollout has come. Immutable.
 *
 * @param revision the number of the revision that nodes are to run
 * @param desired how many nodes there are
 * @param updated how many of them have a ready agent of that revision
 * @param available how many of them have a ready agent of any revision
 * @param paused whether it is paused: nodes keep the agents that they have
 * @param complete whether every node has a ready agent of that revision
 * @param undoing whether it takes back an update that failed or was cancelled
 * @param revisions the number of the revision that is ready on each node; 0 for none
 * @param failures why the last try failed, for each node whose agent is not ready
 */
public record RolloutStatus(
    int revision,
    int desired,
    int updated,
    int available,
    boolean paused,
    boolean complete,
    boolean undoing,
    Map<String, Integer> revisions,
    Map<String, String> failures) {
  /** A status. */
  public RolloutStatus {
    revisions = Collections.unmodifiableMap(new LinkedHashMap<>(revisions));
    failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
  }

  /** The status in the words of {@code kubectl rollout status}. */
  public String message() {
    String name = "daemon set \"" + Addon.NAME + "\"";
    if (complete) {
      return name + " successfully rolled out";
    }
    String count =
        updated < desired
            ? updated + " out of " + desired + " new pods have been updated"
            : available + " of " + desired + " updated pods are available";
    return "Waiting for " + name + " rollout to finish: " + count + "...";
  }
}
