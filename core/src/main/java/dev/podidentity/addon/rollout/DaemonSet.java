package dev.podidentity.addon.rollout;

import dev.podidentity.addon.configuration.ConfigurationValues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to run on the nodes, and what did before. Immutable.
 *
 * @param revisions in the order of their numbers; nodes are to run the last one
 * @param good the id of the last revision that every node had; empty if there was none
 * @param applied the values that EKS applied; null if the agents are nobody's
 * @param paused whether agents are left as they are
 * @param agents the id of the revision that was last known to be ready on each node
 */
record DaemonSet(
    List<AgentRevision> revisions,
    String good,
    @Nullable ConfigurationValues applied,
    boolean paused,
    Map<String, String> agents) {
  /** As many revisions as Kubernetes keeps, and the newest one. */
  static final int MAX_REVISIONS = 11;

  DaemonSet {
    revisions = List.copyOf(revisions);
    agents = Map.copyOf(agents);
  }

  static DaemonSet of(AgentRevision first, ConfigurationValues applied) {
    return new DaemonSet(List.of(first), "", applied, false, Map.of());
  }

  AgentRevision target() {
    return revisions.get(revisions.size() - 1);
  }

  boolean isTarget(String id) {
    return target().id().equals(id);
  }

  Optional<AgentRevision> find(String id) {
    return revisions.stream().filter(revision -> revision.id().equals(id)).findFirst();
  }

  Optional<AgentRevision> numbered(int number) {
    return revisions.stream().filter(revision -> revision.number() == number).findFirst();
  }

  Optional<AgentRevision> beforeTarget() {
    return revisions.size() < 2
        ? Optional.empty()
        : Optional.of(revisions.get(revisions.size() - 2));
  }

  /** The last revision that every node had, if that is known. */
  Optional<AgentRevision> goodRevision() {
    return find(good);
  }

  /** Where values were changed by others so that these values would change them back. */
  List<String> conflicts(ConfigurationValues desired) {
    ConfigurationValues current = target().template().values();
    return outside().orElseGet(() -> current.differences(desired)).stream()
        .filter(pointer -> !current.sameAt(pointer, desired))
        .toList();
  }

  /** Where values were changed by others; absent if all of them are others'. */
  Optional<List<String>> outside() {
    return Optional.ofNullable(applied)
        .map(values -> target().template().values().differences(values));
  }

  /** The template to be run by nodes from now on; one that was there before is gone back to. */
  DaemonSet roll(AgentTemplate template, String newId, Instant now, String cause) {
    if (target().template().equals(template)) {
      return this;
    }
    AgentRevision next =
        revisions.stream()
            .filter(revision -> revision.template().equals(template))
            .findFirst()
            .map(revision -> revision.renumbered(target().number() + 1, now, cause))
            .orElseGet(() -> new AgentRevision(newId, target().number() + 1, template, now, cause));
    var all = new ArrayList<>(revisions);
    all.removeIf(revision -> revision.id().equals(next.id()));
    all.add(next);
    return withRevisions(pruned(all));
  }

  /** A revision that was there before to be run by nodes again. */
  DaemonSet goBackTo(AgentRevision revision, Instant now, String cause) {
    return roll(revision.template(), revision.id(), now, cause);
  }

  /** The newest revision, and as many others as there is room for; what is in use has room. */
  private List<AgentRevision> pruned(List<AgentRevision> all) {
    var kept = new ArrayList<>(all);
    for (AgentRevision old : all.subList(0, all.size() - 1)) {
      boolean used = old.id().equals(good) || agents.containsValue(old.id());
      if (kept.size() > MAX_REVISIONS && !used) {
        kept.remove(old);
      }
    }
    return kept;
  }

  private DaemonSet withRevisions(List<AgentRevision> others) {
    return new DaemonSet(others, good, applied, paused, agents);
  }

  DaemonSet withTargetGood() {
    return new DaemonSet(revisions, target().id(), applied, paused, agents);
  }

  DaemonSet withApplied(@Nullable ConfigurationValues values) {
    return new DaemonSet(revisions, good, values, paused, agents);
  }

  DaemonSet withPaused(boolean nowPaused) {
    return new DaemonSet(revisions, good, applied, nowPaused, agents);
  }

  DaemonSet withAgents(Map<String, String> running) {
    return running.equals(agents)
        ? this
        : new DaemonSet(revisions, good, applied, paused, new TreeMap<>(running));
  }
}
