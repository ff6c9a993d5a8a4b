package dev.podidentity.addon.rollout;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.configuration.ConfigurationValues;
import java.time.Instant;

/** Says what becomes of the agents after a request of somebody on the cluster, or refuses it. */
final class RolloutRequests {
  private final Ids ids;

  RolloutRequests(Ids ids) {
    this.ids = ids;
  }

  AddonState pause(AddonState state) {
    DaemonSet there = require(state);
    if (there.paused()) {
      throw refused("is paused already");
    }
    return state.withDaemonSet(there.withPaused(true));
  }

  AddonState resume(AddonState state) {
    DaemonSet there = require(state);
    if (!there.paused()) {
      throw refused("is not paused");
    }
    return state.withDaemonSet(there.withPaused(false));
  }

  AddonState restart(AddonState state, Instant now) {
    DaemonSet there = requireRunning(state, "restart");
    AgentTemplate again = there.target().template().restarted();
    return state.withDaemonSet(there.roll(again, ids.shortId(), now, "restart"));
  }

  AddonState undo(AddonState state, Instant now) {
    DaemonSet there = requireRunning(state, "undo");
    AgentRevision before =
        there.beforeTarget().orElseThrow(() -> refused("has no revision before this one"));
    return goBack(state, there, before, now);
  }

  AddonState undoTo(AddonState state, int number, Instant now) {
    DaemonSet there = requireRunning(state, "undo");
    AgentRevision revision =
        there
            .numbered(number)
            .orElseThrow(
                () ->
                    new AddonException(
                        AddonFailure.RESOURCE_NOT_FOUND,
                        "The history of "
                            + Addon.NAME
                            + " has no revision "
                            + number
                            + ": see 'rollout history'"));
    return goBack(state, there, revision, now);
  }

  // Who undoes the rollout of an update takes the update back.
  private AddonState goBack(
      AddonState state, DaemonSet there, AgentRevision revision, Instant now) {
    if (there.isTarget(revision.id())) {
      return state;
    }
    String cause = "undo to revision " + revision.number();
    AddonState back = state.withDaemonSet(there.goBackTo(revision, now, cause));
    return state.operation() instanceof Operation.Update
        ? Endings.cancelled(back, now).withOperation(new Operation.Undo(false))
        : back;
  }

  /** Somebody other than EKS changes values; null takes one away. */
  AddonState change(AddonState state, ConfigurationValues changes, Instant now) {
    DaemonSet there = require(state);
    AgentTemplate template = there.target().template();
    AgentTemplate changed = template.with(changes.over(template.values()));
    return state.withDaemonSet(
        there.roll(changed, ids.shortId(), now, "values changed on the cluster"));
  }

  private static DaemonSet requireRunning(AddonState state, String verb) {
    DaemonSet there = require(state);
    if (there.paused()) {
      throw refused("is paused: resume it before you " + verb + " it");
    }
    return there;
  }

  /** The agents' daemon set, unless it is on its way out. */
  static DaemonSet require(AddonState state) {
    DaemonSet there = state.daemonSet();
    if (there == null || state.isDeleting()) {
      throw new AddonException(
          AddonFailure.RESOURCE_NOT_FOUND,
          "There is no daemon set " + Addon.NAME + ": create the add-on first");
    }
    return there;
  }

  private static AddonException refused(String why) {
    return new AddonException(
        AddonFailure.INVALID_REQUEST, "The daemon set " + Addon.NAME + " " + why);
  }
}
