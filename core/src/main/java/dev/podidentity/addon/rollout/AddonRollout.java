package dev.podidentity.addon.rollout;

import static java.util.Objects.requireNonNull;

import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.configuration.ConfigurationValues;
import java.util.List;

/**
 * What somebody on the cluster does with the agents' daemon set, as with {@code kubectl rollout}.
 * EKS does not know of it: values that come about so are values changed outside. Thread-safe.
 *
 * <p>Everything here but {@link #exists} throws {@link AddonException} with {@link
 * AddonFailure#RESOURCE_NOT_FOUND} where there are no agents, and changes with {@link
 * AddonFailure#SERVER} if they cannot be kept.
 */
public final class AddonRollout {
  private final AddonEngine engine;
  private final RolloutRequests requests;

  AddonRollout(AddonEngine engine, RolloutRequests requests) {
    this.engine = engine;
    this.requests = requests;
  }

  /** Whether there are agents, or are to be; everything else here needs some. */
  public boolean exists() {
    return engine.view().state().daemonSet() != null;
  }

  /** How far the rollout has come. */
  public RolloutStatus status() {
    EngineView view = engine.view();
    RolloutRequests.require(view.state());
    return view.rollout();
  }

  /** The revisions that are remembered, the oldest first; nodes are to run the last one. */
  public List<AgentRevision> history() {
    return RolloutRequests.require(engine.view().state()).revisions();
  }

  /**
   * Leaves agents as they are; the deadline stands still. Agents that end are still replaced.
   *
   * @throws AddonException {@link AddonFailure#INVALID_REQUEST} if it is paused already
   */
  public void pause() {
    engine.change((state, now) -> requests.pause(state), (state, before) -> state);
  }

  /**
   * Goes on after a pause.
   *
   * @throws AddonException {@link AddonFailure#INVALID_REQUEST} if it is not paused
   */
  public void resume() {
    engine.change((state, now) -> requests.resume(state), (state, before) -> state);
  }

  /**
   * Replaces every agent by one like it.
   *
   * @return the revision that nodes are to run
   * @throws AddonException {@link AddonFailure#INVALID_REQUEST} if the rollout is paused
   */
  public AgentRevision restart() {
    return engine.change(requests::restart, (state, before) -> Present.daemonSet(state).target());
  }

  /**
   * Goes back to the revision before the newest. An update that is being rolled out is cancelled.
   *
   * @return the revision that nodes are to run
   * @throws AddonException {@link AddonFailure#INVALID_REQUEST} if the rollout is paused or there
   *     is none before
   */
  public AgentRevision undo() {
    return engine.change(requests::undo, (state, before) -> Present.daemonSet(state).target());
  }

  /**
   * Goes back to a revision. An update that is being rolled out is cancelled, unless the revision
   * is the update's own: then nothing happens.
   *
   * @param revision its number in the history
   * @return the revision that nodes are to run
   * @throws AddonException {@link AddonFailure#INVALID_REQUEST} if the rollout is paused, {@link
   *     AddonFailure#RESOURCE_NOT_FOUND} if the history has no such revision
   */
  public AgentRevision undoTo(int revision) {
    return engine.change(
        (state, now) -> requests.undoTo(state, revision, now),
        (state, before) -> Present.daemonSet(state).target());
  }

  /**
   * Changes values of the daemon set, as somebody does who edits it on the cluster.
   *
   * @param changes what to lay over the values that are there; {@code null} takes one away
   * @return the revision that nodes are to run
   * @throws dev.podidentity.addon.configuration.ConfigurationException if the values do not go
   *     together
   */
  public AgentRevision change(ConfigurationValues changes) {
    requireNonNull(changes, "changes");
    return engine.change(
        (state, now) -> requests.change(state, changes, now),
        (state, before) -> Present.daemonSet(state).target());
  }
}
