package dev.podidentity.addon.rollout;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.schedule.OwnedThreads;
import dev.podidentity.schedule.Scheduler;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Takes one change after the other: decides, keeps, shows, and then calls others, outside of its
 * lock. Thread-safe.
 */
final class AddonEngine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AddonEngine.class);

  private final ClusterArn cluster;
  private final AddonStore store;
  private final Clock clock;
  private final Executor executor;
  private final Alarm alarm;
  private final OwnedThreads ownedThreads = new OwnedThreads("pod-identity-addon");
  private final ConcurrentLinkedQueue<Runnable> effects = new ConcurrentLinkedQueue<>();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Fleet fleet;

  @GuardedBy("lock")
  private AddonState state = AddonState.NONE;

  @GuardedBy("lock")
  private AddonState kept = AddonState.NONE;

  /** Whether the last attempt to keep something failed. */
  @GuardedBy("lock")
  private boolean unkept;

  @GuardedBy("lock")
  private boolean closed;

  private volatile EngineView view;

  /** Decides what follows from a state; may refuse by throwing. */
  @FunctionalInterface
  interface Decision {
    AddonState decide(AddonState state, Instant now);
  }

  private AddonEngine(ClusterAddonsBuilder builder, AddonStore store) {
    this.cluster = builder.cluster;
    this.store = store;
    this.clock = builder.clock;
    this.executor = builder.executor == null ? ownedThreads.executor() : builder.executor;
    Scheduler scheduler = builder.scheduler == null ? ownedThreads.scheduler() : builder.scheduler;
    this.alarm = new Alarm(scheduler, this::wake);
    this.fleet = new Fleet(builder.settings, builder.agents, this::ended);
    this.view = Views.of(state, fleet, Instant.MIN);
  }

  static AddonEngine open(ClusterAddonsBuilder builder, AddonStore store) throws IOException {
    var engine = new AddonEngine(builder, store);
    boolean started = false;
    try {
      engine.start(builder.nodes);
      started = true;
    } finally {
      if (!started) {
        engine.close();
      }
    }
    return engine;
  }

  private void start(List<String> nodes) throws IOException {
    AddonState loaded = store.load(cluster);
    Instant now = now();
    lock.lock();
    try {
      state = loaded;
      kept = loaded;
      DaemonSet there = loaded.daemonSet();
      for (String node : nodes) {
        fleet.join(node, there == null ? "" : there.agents().getOrDefault(node, ""), now);
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  EngineView view() {
    return view;
  }

  /** Takes a change that somebody asks for; it is kept before this returns, or not made at all. */
  <T> T change(Decision decision, BiFunction<AddonState, EngineView, T> result) {
    Instant now = now();
    T answer;
    lock.lock();
    try {
      requireOpen();
      EngineView before = view;
      AddonState decided = decision.decide(state, now);
      answer = result.apply(decided, before);
      AddonState was = state;
      state = decided;
      settle(now);
      try {
        keep();
      } catch (IOException e) {
        state = was;
        fleet.follow(was, now);
        throw new AddonException(
            AddonFailure.SERVER, "The change was not made, since it cannot be kept: " + e, e);
      }
      goOn(now);
    } finally {
      lock.unlock();
    }
    runEffects();
    return answer;
  }

  @GuardedBy("lock")
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The add-ons of " + cluster + " are closed");
    }
  }

  void join(String node) {
    note((nodes, now) -> nodes.join(node, "", now));
  }

  void leave(String node) {
    note(
        (nodes, now) -> {
          NodeCall call = nodes.leave(node, now);
          if (call != null) {
            effects.add(call::interrupt);
          }
        });
  }

  void lost(String node, String reason) {
    note((nodes, now) -> nodes.lost(node, reason, now));
  }

  private void ended(NodeCall call, NodeCall.Result result) {
    note((nodes, now) -> nodes.ended(call, result, now));
  }

  private void wake() {
    note((nodes, now) -> nodes.giveUpLate(now).forEach(call -> effects.add(call::interrupt)));
  }

  @FunctionalInterface
  private interface Event {
    void happen(Fleet nodes, Instant now);
  }

  /** Takes in what has happened. */
  private void note(Event event) {
    Instant now = now();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      event.happen(fleet, now);
      settle(now);
      try {
        keep();
      } catch (IOException e) {
        // Each step of a rollout would say so again.
        log.atLevel(unkept ? Level.DEBUG : Level.WARN)
            .addKeyValue("cluster", cluster)
            .addKeyValue("cause", e.toString())
            .log("How far the add-on has come could not be kept; the next change tries again");
        unkept = true;
      }
      goOn(now);
    } finally {
      lock.unlock();
    }
    runEffects();
  }

  /** Takes every step that follows by itself. */
  @GuardedBy("lock")
  private void settle(Instant now) {
    AddonState before;
    do {
      before = state;
      fleet.follow(state, now);
      state = Endings.next(state, fleet.report(state, now), now);
    } while (!state.equals(before));
    DaemonSet there = state.daemonSet();
    if (there != null) {
      state = state.withDaemonSet(there.withAgents(fleet.running()));
    }
  }

  @GuardedBy("lock")
  private void keep() throws IOException {
    if (!state.equals(kept)) {
      store.save(cluster, state);
      kept = state;
      unkept = false;
    }
  }

  /** Shows what is, and puts down what is to be done next. */
  @GuardedBy("lock")
  private void goOn(Instant now) {
    for (NodeCall call : fleet.plan(state, now)) {
      effects.add(() -> run(call));
    }
    view = Views.of(state, fleet, now);
    effects.add(alarm.at(fleet.nextWake(state), now));
  }

  @SuppressWarnings("CatchingUnchecked") // without a thread, execute throws an OutOfMemoryError
  private void run(NodeCall call) {
    try {
      executor.execute(call);
    } catch (Throwable e) {
      call.refused(e);
    }
  }

  @SuppressWarnings("CatchingUnchecked") // without a thread, schedule throws an OutOfMemoryError
  private void runEffects() {
    for (Runnable effect = effects.poll(); effect != null; effect = effects.poll()) {
      try {
        effect.run();
      } catch (Throwable e) {
        log.atWarn().setCause(e).log("An executor or a scheduler failed");
      }
    }
  }

  // EKS tells times to the millisecond.
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      fleet.underWay().forEach(call -> effects.add(call::interrupt));
      effects.add(alarm::cancel);
    } finally {
      lock.unlock();
    }
    runEffects();
    ownedThreads.close();
    store.close();
  }
}
