package dev.podidentity.addon.rollout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.addon.AddonException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;

/**
 * Nodes whose agents start and stop when a test says so. Calls wait in a queue, in the order that
 * the engine made them, until {@link #runOne} or {@link #runAll}.
 */
final class FakeNodes implements NodeAgents, Executor {
  private static final int MAX_CALLS = 100_000;

  final Map<String, AgentRevision> running = new TreeMap<>();
  final List<String> calls = new ArrayList<>();
  final Deque<Runnable> waiting = new ArrayDeque<>();
  final Set<String> known = new HashSet<>();
  BiPredicate<String, AgentRevision> works = (node, revision) -> true;
  boolean stops = true;

  @Override
  public void execute(Runnable task) {
    waiting.add(task);
  }

  @Override
  public void start(String node, AgentRevision revision) {
    calls.add("start " + node + " " + revision.number());
    running.remove(node);
    known.add(revision.id());
    if (!works.test(node, revision)) {
      throw new IllegalStateException("cannot bind " + node);
    }
    running.put(node, revision);
  }

  @Override
  public void stop(String node) {
    calls.add("stop " + node);
    if (!stops) {
      throw new IllegalStateException("does not stop " + node);
    }
    running.remove(node);
  }

  @Override
  public Optional<String> running(String node) {
    return Optional.ofNullable(running.get(node)).map(AgentRevision::id);
  }

  /** Holds what runs against what the engine says; there is nothing where it knows of no agents. */
  void requireAsKnown(ClusterAddons addons) {
    List<AgentRevision> history = List.of();
    try {
      history = addons.rollout().history();
    } catch (AddonException e) {
      assertThat(running).isEmpty();
      return;
    }
    String target = history.get(history.size() - 1).id();
    assertThat(addons.rollout().status().complete()).isTrue();
    assertThat(running.keySet()).isEqualTo(addons.rollout().status().revisions().keySet());
    assertThat(running.values()).allSatisfy(agent -> assertThat(agent.id()).isEqualTo(target));
  }

  /** The revision of the agent on a node that has one. */
  AgentRevision on(String node) {
    return requireNonNull(running.get(node), node);
  }

  boolean runOne() {
    Runnable next = waiting.poll();
    if (next != null) {
      next.run();
    }
    return next != null;
  }

  void runAll() {
    int calls = 0;
    while (runOne()) {
      if (++calls > MAX_CALLS) {
        throw new IllegalStateException("The engine calls for ever");
      }
    }
  }
}
