package dev.podidentity.addon.rollout;

import static java.util.Objects.requireNonNull;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.addon.rollout.AddonState.StoredUpdate;
import dev.podidentity.addon.version.AddonCatalogue;
import dev.podidentity.addon.version.ClusterVersion;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.association.Tags;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * The EKS Pod Identity Agent add-on of one cluster: what EKS' API asks of it, and its agents on the
 * nodes. Thread-safe. Reads take no lock; what a change has returned from is kept, and seen by
 * every later read. Changes return at once: what they begin goes on by itself, and is followed by
 * {@link #describe}, {@link #describeUpdate} and {@link AddonRollout#status}.
 *
 * <p>The rules, beyond what the requests say: one thing is under way at a time; an update that does
 * not get agents ready is undone, and is {@code FAILED} in the history; a version is one of the
 * catalogue's that is for the cluster.
 */
public final class ClusterAddons implements AutoCloseable {
  private final ClusterArn cluster;
  private final ClusterVersion clusterVersion;
  private final AddonCatalogue catalogue;
  private final AddonRequests requests;
  private final AddonEngine engine;
  private final AddonRollout rollout;

  private ClusterAddons(ClusterAddonsBuilder builder, AddonEngine engine) {
    var ids = new Ids(builder.random);
    this.cluster = builder.cluster;
    this.clusterVersion = builder.clusterVersion;
    this.catalogue = builder.catalogue;
    this.engine = engine;
    this.requests = new AddonRequests(cluster, clusterVersion, catalogue, ids);
    this.rollout = new AddonRollout(engine, new RolloutRequests(ids));
  }

  static ClusterAddons open(ClusterAddonsBuilder builder, AddonStore store) throws IOException {
    return new ClusterAddons(builder, AddonEngine.open(builder, store));
  }

  /** Starts the add-ons of a cluster, whose agents these are. */
  public static ClusterAddonsBuilder builder(ClusterArn cluster, NodeAgents agents) {
    return new ClusterAddonsBuilder(cluster, agents);
  }

  /** The cluster. */
  public ClusterArn cluster() {
    return cluster;
  }

  /** The cluster's versions. */
  public ClusterVersion clusterVersion() {
    return clusterVersion;
  }

  /** The versions of the add-on that there are. */
  public AddonCatalogue catalogue() {
    return catalogue;
  }

  /** The agents' rollout, as somebody on the cluster sees and steers it. */
  public AddonRollout rollout() {
    return rollout;
  }

  /**
   * Creates the add-on. Where agents of a deleted and preserved add-on run, their values are what
   * others changed: unless told to overwrite them the creation fails, and says so in the add-on's
   * status and health.
   *
   * @return the add-on, {@code CREATING}; for a request made before, the add-on as it is
   * @throws AddonException {@link AddonFailure#RESOURCE_IN_USE} if it is there already, {@link
   *     AddonFailure#INVALID_PARAMETER} if the name, the version or the values are none, {@link
   *     AddonFailure#SERVER} if it cannot be kept
   */
  public Addon create(CreateAddon request) {
    requireNonNull(request, "request");
    return engine.change(
        (state, now) -> requests.create(state, request, now),
        (state, before) -> before.addon(state));
  }

  /**
   * The add-on of this name.
   *
   * @throws AddonException {@link AddonFailure#RESOURCE_NOT_FOUND}
   */
  public Addon describe(String addonName) {
    EngineView view = engine.view();
    requests.require(view.state(), addonName);
    return view.addon();
  }

  /** The names of the add-ons that there are. */
  public List<String> list() {
    Addon addon = engine.view().state().addon();
    return addon == null ? List.of() : List.of(addon.addonName());
  }

  /**
   * Updates the add-on. Configuration values that are not given stay as they are.
   *
   * @return the update, which has failed already if values are in conflict; for a request made
   *     before, its update as it is
   * @throws AddonException {@link AddonFailure#RESOURCE_NOT_FOUND}, {@link
   *     AddonFailure#RESOURCE_IN_USE} if something is under way, {@link
   *     AddonFailure#INVALID_REQUEST} if the add-on is being deleted, {@link
   *     AddonFailure#INVALID_PARAMETER} if the version or the values are none, {@link
   *     AddonFailure#SERVER} if it cannot be kept
   */
  public AddonUpdate update(UpdateAddon request) {
    requireNonNull(request, "request");
    return engine.change(
        (state, now) -> requests.update(state, request, now),
        (state, before) -> requests.updateOf(state, request));
  }

  /**
   * Deletes the add-on: stops its agents, whatever is under way.
   *
   * @param addonName the add-on
   * @param preserve whether its agents go on; EKS then knows nothing more of them
   * @return the add-on as it was, {@code DELETING}
   * @throws AddonException {@link AddonFailure#RESOURCE_NOT_FOUND}, {@link
   *     AddonFailure#INVALID_REQUEST} if it is being deleted already, {@link AddonFailure#SERVER}
   *     if that cannot be kept
   */
  public Addon delete(String addonName, boolean preserve) {
    requireNonNull(addonName, "addonName");
    return engine.change(
        (state, now) -> requests.delete(state, addonName, preserve, now),
        (state, before) -> before.deleted(state));
  }

  /**
   * Adds tags to the add-on; they win over what it had.
   *
   * @throws AddonException {@link AddonFailure#RESOURCE_NOT_FOUND}, {@link
   *     AddonFailure#INVALID_PARAMETER} if it would have too many, {@link AddonFailure#SERVER} if
   *     they cannot be kept
   */
  public Addon tag(String addonName, Tags tags) {
    requireNonNull(tags, "tags");
    return engine.change(
        (state, now) -> requests.retag(state, addonName, there -> there.with(tags), now),
        (state, before) -> before.addon(state));
  }

  /**
   * Takes tags away from the add-on; keys that it does not have are passed over.
   *
   * @throws AddonException {@link AddonFailure#RESOURCE_NOT_FOUND}, {@link AddonFailure#SERVER} if
   *     that cannot be kept
   */
  public Addon untag(String addonName, Collection<String> keys) {
    List<String> copy = List.copyOf(keys);
    return engine.change(
        (state, now) -> requests.retag(state, addonName, there -> there.without(copy), now),
        (state, before) -> before.addon(state));
  }

  /**
   * The add-on's update history, the newest first; as long as the add-on lives, the last 200.
   *
   * @throws AddonException {@link AddonFailure#RESOURCE_NOT_FOUND}
   */
  public List<AddonUpdate> listUpdates(String addonName) {
    AddonState state = engine.view().state();
    requests.require(state, addonName);
    return requests.newestFirst(state);
  }

  /**
   * One entry of the add-on's update history.
   *
   * @throws AddonException {@link AddonFailure#RESOURCE_NOT_FOUND} if there is no such add-on or
   *     update
   */
  public AddonUpdate describeUpdate(String addonName, String updateId) {
    AddonState state = engine.view().state();
    requests.require(state, addonName);
    return state.updates().stream()
        .map(StoredUpdate::update)
        .filter(update -> update.id().equals(updateId))
        .findFirst()
        .orElseThrow(
            () ->
                new AddonException(
                    AddonFailure.RESOURCE_NOT_FOUND,
                    "Add-on " + addonName + " has no update " + updateId));
  }

  /** A node has come; it is given an agent. Does nothing if it is there. */
  public void nodeJoined(String node) {
    engine.join(requireNonNull(node, "node"));
  }

  /** A node has gone, and its agent with it. Does nothing if it is not there. */
  public void nodeLeft(String node) {
    engine.leave(requireNonNull(node, "node"));
  }

  /**
   * The agent of a node has ended by itself; it is started again. Does nothing if none was ready.
   *
   * @param node the node
   * @param reason why, if that is known; shown in statuses, so it has no secrets
   */
  public void agentLost(String node, String reason) {
    engine.lost(requireNonNull(node, "node"), requireNonNull(reason, "reason"));
  }

  /** Stops following; agents go on. What is under way goes on when the store is opened again. */
  @Override
  public void close() {
    engine.close();
  }
}
