package dev.podidentity.addon.rollout;

import dev.podidentity.addon.rollout.NodeCall.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes, and which call is to be made on which of them next. Mutable; the engine's lock guards
 * it.
 */
final class Fleet {
  private final RolloutSettings settings;
  private final NodeAgents agents;
  private final BiConsumer<NodeCall, NodeCall.Result> ended;
  private final Map<String, Node> nodes = new TreeMap<>();
  private String target = "";
  private boolean deleting;

  /** Whether something is under way that has a deadline. */
  private boolean busy;

  private boolean paused;
  private Instant progressAt = Instant.MIN;

  Fleet(RolloutSettings settings, NodeAgents agents, BiConsumer<NodeCall, NodeCall.Result> ended) {
    this.settings = settings;
    this.agents = agents;
    this.ended = ended;
  }

  private Stream<Node> present() {
    return nodes.values().stream().filter(node -> !node.gone);
  }

  private boolean all(Predicate<Node> predicate) {
    return present().allMatch(predicate);
  }

  void join(String name, String first, Instant now) {
    Node there = nodes.get(name);
    if (there == null) {
      nodes.put(name, new Node(name, first));
    } else if (there.gone) {
      var again = new Node(name, first);
      again.call = there.call;
      giveUp(there.call);
      nodes.put(name, again);
    }
    progressAt = now;
  }

  private static void giveUp(@Nullable NodeCall call) {
    if (call != null) {
      call.late = true;
    }
  }

  /** Returns the call that is under way on a node that leaves. */
  @Nullable NodeCall leave(String name, Instant now) {
    Node node = nodes.get(name);
    if (node == null) {
      return null;
    }
    progressAt = now;
    if (node.call == null) {
      nodes.remove(name);
    } else {
      node.gone = true;
    }
    return node.call;
  }

  /** The agent of a node has ended by itself. */
  void lost(String name, String reason, Instant now) {
    Node node = nodes.get(name);
    if (node == null || node.running.isEmpty()) {
      return;
    }
    String revision = node.running;
    if (!node.readySince.plus(RolloutSettings.MAX_RETRY_DELAY).isAfter(now)) {
      node.freshStart();
    }
    node.running = "";
    node.first = revision;
    int before = node.failedOn.equals(revision) ? node.failures : 0;
    Duration delay = before == 0 ? Duration.ZERO : settings.delayAfter(before);
    node.failed(revision, reason, now.plus(delay));
  }

  /** Takes in how a call ended. */
  void ended(NodeCall call, NodeCall.Result result, Instant now) {
    Node node = nodes.get(call.node);
    if (node == null || node.call != call) {
      return;
    }
    node.call = null;
    if (node.gone) {
      nodes.remove(node.name);
    } else if (!call.late) {
      inTime(node, call, result, now);
    }
  }

  private void inTime(Node node, NodeCall call, NodeCall.Result result, Instant now) {
    if (call.kind == Kind.LOOK) {
      node.looked = true;
      node.running = result.running();
      node.readySince = now;
    } else if (result.failure() == null) {
      succeeded(node, call, now);
    } else if (deleting == (call.kind == Kind.STOP)) {
      failed(node, call, result.failure(), now);
    }
  }

  private void failed(Node node, NodeCall call, String why, Instant now) {
    String revision = call.revisionId();
    node.first = node.first.equals(revision) ? "" : node.first;
    int failures = node.failedOn.equals(revision) ? node.failures + 1 : 1;
    node.failed(revision, why, now.plus(settings.delayAfter(failures)));
  }

  private void succeeded(Node node, NodeCall call, Instant now) {
    if (call.kind == Kind.STOP) {
      node.stopped = true;
      node.running = "";
    } else {
      node.running = call.revisionId();
      node.readySince = now;
      node.first = "";
    }
    progressAt = now;
  }

  /** Gives up the calls that have taken too long, and returns them to be interrupted. */
  List<NodeCall> giveUpLate(Instant now) {
    var late = new ArrayList<NodeCall>();
    for (Node node : nodes.values()) {
      NodeCall call = node.call;
      if (call != null && !call.late && !now.isBefore(call.deadline)) {
        call.late = true;
        late.add(call);
        node.looked = true;
        failed(node, call, "took longer than " + settings.startTimeout().toMillis() + " ms", now);
      }
    }
    return late;
  }

  /** Brings the fleet in line with what is to run. */
  void follow(AddonState state, Instant now) {
    DaemonSet there = state.daemonSet();
    String nextTarget = there == null ? "" : there.target().id();
    boolean nextPaused = there != null && there.paused();
    boolean nextBusy = state.addon() != null && state.addon().status().isTransient();
    boolean begins = (nextBusy && !busy) || (state.isDeleting() && !deleting);
    if (!nextTarget.equals(target) || begins || (paused && !nextPaused)) {
      nodes.values().forEach(Node::freshStart);
      progressAt = now;
    }
    if (there == null) {
      nodes.values().forEach(Fleet::forget);
    } else {
      nodes.values().forEach(node -> forgetUnknown(node, there));
    }
    target = nextTarget;
    deleting = state.isDeleting();
    busy = nextBusy;
    paused = nextPaused;
  }

  private static void forget(Node node) {
    node.running = "";
    node.first = "";
    node.stopped = false;
    node.failedOn = "";
    node.looked = true;
  }

  private static void forgetUnknown(Node node, DaemonSet there) {
    if (there.find(node.running).isEmpty()) {
      node.running = "";
    }
  }

  /** The calls to make now; they count as under way from now on. */
  List<NodeCall> plan(AddonState state, Instant now) {
    DaemonSet there = state.daemonSet();
    if (there == null) {
      return List.of();
    }
    var calls = new ArrayList<NodeCall>();
    for (Node node : List.copyOf(nodes.values())) {
      if (node.gone || node.call != null) {
        continue;
      }
      if (deleting) {
        if (!node.stopped && !now.isBefore(node.retryAt)) {
          calls.add(begin(node, Kind.STOP, Optional.empty(), now));
        }
      } else if (!node.looked) {
        calls.add(begin(node, Kind.LOOK, Optional.empty(), now));
      } else if (node.mayStart(now)) {
        calls.add(begin(node, Kind.START, Optional.of(firstChoice(node, there)), now));
      }
    }
    if (!deleting && !there.paused()) {
      replace(there, calls, now);
    }
    return calls;
  }

  // What worked before comes first: a node without an agent is not what a rollout is tried on.
  private static AgentRevision firstChoice(Node node, DaemonSet there) {
    Optional<AgentRevision> first = there.find(node.first);
    if (first.isPresent()) {
      return first.get();
    }
    boolean tried = !node.failedOn.isEmpty() && !there.paused();
    return tried ? there.target() : there.goodRevision().orElse(there.target());
  }

  private void replace(DaemonSet there, List<NodeCall> calls, Instant now) {
    int size = (int) present().count();
    int away = (int) present().filter(node -> !node.isReady()).count();
    int budget = there.target().template().values().maxUnavailable(size);
    boolean proven =
        there.isTarget(there.good()) || present().anyMatch(node -> there.isTarget(node.running));
    boolean held = present().anyMatch(node -> isFailingOnTarget(node, there));
    int free = held ? 0 : Math.min(budget, proven ? budget : 1) - away;
    for (Node node : nodes.values()) {
      if (free > 0 && !node.gone && node.isReady() && !there.isTarget(node.running)) {
        calls.add(begin(node, Kind.START, Optional.of(there.target()), now));
        free--;
      }
    }
  }

  private static boolean isFailingOnTarget(Node node, DaemonSet there) {
    return node.running.isEmpty() && node.failures > 0 && there.isTarget(node.failedOn);
  }

  private NodeCall begin(Node node, Kind kind, Optional<AgentRevision> revision, Instant now) {
    var call =
        new NodeCall(kind, node.name, revision, now.plus(settings.startTimeout()), agents, ended);
    node.call = call;
    if (kind == Kind.START) {
      node.running = "";
    }
    return call;
  }

  /** When something is to be looked at again without anything having happened. */
  Optional<Instant> nextWake(AddonState state) {
    if (state.daemonSet() == null) {
      return Optional.empty();
    }
    var times = new ArrayList<Instant>();
    present()
        .forEach(
            node -> {
              if (node.call != null) {
                times.add(node.call.late ? Instant.MAX : node.call.deadline);
              } else if (!node.retryAt.equals(Instant.MIN)
                  && (deleting ? !node.stopped : node.running.isEmpty())) {
                times.add(node.retryAt);
              }
            });
    if (busy && (deleting || !paused)) {
      times.add(progressAt.plus(settings.progressDeadline()));
    }
    return times.stream().filter(time -> !time.equals(Instant.MAX)).min(Instant::compareTo);
  }

  NodeReport report(AddonState state, Instant now) {
    DaemonSet there = state.daemonSet();
    var failing = new LinkedHashMap<String, String>();
    var missing = new LinkedHashMap<String, String>();
    var down = new LinkedHashMap<String, String>();
    present()
        .forEach(
            node -> {
              boolean counts = state.operation() == null || deleting || failedOnTarget(node);
              boolean wellAtLast = deleting ? node.stopped : node.isReady();
              if (!wellAtLast && counts && node.failures >= settings.startAttempts()) {
                failing.put(node.name, node.reason);
              }
              if (!node.isReady()) {
                down.put(node.name, node.reason);
              }
              if (deleting ? !node.stopped : !node.isReady() || !node.running.equals(target)) {
                missing.put(node.name, node.reason);
              }
            });
    boolean overdue =
        (deleting || !paused) && !now.isBefore(progressAt.plus(settings.progressDeadline()));
    return new NodeReport(
        there != null && all(node -> node.isReady() && node.running.equals(target)),
        deleting && all(node -> node.stopped && node.call == null),
        overdue,
        failing,
        down,
        missing);
  }

  private boolean failedOnTarget(Node node) {
    return node.failedOn.equals(target);
  }

  /** The calls that are under way. */
  List<NodeCall> underWay() {
    return nodes.values().stream().map(node -> node.call).filter(call -> call != null).toList();
  }

  /** What was last known to run on each node, to be kept. */
  Map<String, String> running() {
    var running = new TreeMap<String, String>();
    present()
        .filter(node -> !node.running.isEmpty() || !node.first.isEmpty())
        .forEach(
            node -> running.put(node.name, node.running.isEmpty() ? node.first : node.running));
    return running;
  }

  Collection<Node> nodes() {
    return present().toList();
  }
}
