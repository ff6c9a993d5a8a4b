package dev.podidentity.addon.rollout;

import static java.util.Objects.requireNonNull;

import dev.podidentity.addon.version.AddonCatalogue;
import dev.podidentity.addon.version.ClusterVersion;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.schedule.Scheduler;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Collects what the add-ons of a cluster need. Not thread-safe. */
public final class ClusterAddonsBuilder {
  /** The versions of a cluster where nothing else is said. */
  public static final ClusterVersion DEFAULT_CLUSTER_VERSION =
      ClusterVersion.parse("1.33", "eks.1");

  final ClusterArn cluster;
  final NodeAgents agents;
  ClusterVersion clusterVersion = DEFAULT_CLUSTER_VERSION;
  AddonCatalogue catalogue = AddonCatalogue.standard();
  RolloutSettings settings = RolloutSettings.defaults();
  List<String> nodes = List.of();
  Clock clock = Clock.systemUTC();
  RandomGenerator random = new SecureRandom();
  @Nullable Scheduler scheduler;
  @Nullable Executor executor;

  ClusterAddonsBuilder(ClusterArn cluster, NodeAgents agents) {
    this.cluster = requireNonNull(cluster, "cluster");
    this.agents = requireNonNull(agents, "agents");
  }

  /** Sets the cluster's versions; {@link #DEFAULT_CLUSTER_VERSION} if not set. */
  public ClusterAddonsBuilder clusterVersion(ClusterVersion clusterVersion) {
    this.clusterVersion = requireNonNull(clusterVersion, "clusterVersion");
    return this;
  }

  /** Sets the versions of the add-on that there are; the library's own if not set. */
  public ClusterAddonsBuilder catalogue(AddonCatalogue catalogue) {
    this.catalogue = requireNonNull(catalogue, "catalogue");
    return this;
  }

  /** Sets how patient rollouts are; {@link RolloutSettings#defaults} if not set. */
  public ClusterAddonsBuilder settings(RolloutSettings settings) {
    this.settings = requireNonNull(settings, "settings");
    return this;
  }

  /**
   * Sets the nodes that are there from the beginning; none if not set. All that are known belong
   * here: a rollout that was under way has come to its end when every node has its agent.
   */
  public ClusterAddonsBuilder nodes(Collection<String> nodes) {
    this.nodes = List.copyOf(nodes);
    return this;
  }

  /** Sets the time that things happen at; the system's if not set. */
  public ClusterAddonsBuilder clock(Clock clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /** Sets what ids are drawn from; a {@link SecureRandom} if not set. */
  public ClusterAddonsBuilder random(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
    return this;
  }

  /** Sets what runs retries and deadlines at their time; a thread of its own if not set. */
  public ClusterAddonsBuilder scheduler(Scheduler scheduler) {
    this.scheduler = requireNonNull(scheduler, "scheduler");
    return this;
  }

  /**
   * Sets what calls {@link NodeAgents}; threads of its own, as many as are busy, if not set. A call
   * blocks its thread for as long as an agent takes to get ready.
   */
  public ClusterAddonsBuilder executor(Executor executor) {
    this.executor = requireNonNull(executor, "executor");
    return this;
  }

  /**
   * Opens a store and goes on with what was under way in it.
   *
   * @param store where the add-on is kept; closed with the add-ons, or if this fails
   * @throws IOException if it cannot be read, or is another cluster's
   */
  public ClusterAddons open(AddonStore store) throws IOException {
    return ClusterAddons.open(this, requireNonNull(store, "store"));
  }
}
