package dev.podidentity.addon.rollout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
