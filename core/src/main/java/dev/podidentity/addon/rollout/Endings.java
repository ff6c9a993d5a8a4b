package dev.podidentity.addon.rollout;

import dev.podidentity.addon.AddonIssue;
import dev.podidentity.addon.AddonIssueCode;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.UpdateError;
import dev.podidentity.addon.UpdateErrorCode;
import dev.podidentity.addon.UpdateStatus;
import java.time.Instant;
import java.util.List;

/** How what EKS is doing comes to its end; one step at a time. */
final class Endings {
  private Endings() {}

  /** The state that follows from how the nodes are; the very state that is there, if none does. */
  static AddonState next(AddonState state, NodeReport nodes, Instant now) {
    Operation operation = state.operation();
    DaemonSet there = state.daemonSet();
    if (there == null) {
      return state;
    }
    if (operation instanceof Operation.Delete) {
      return afterDelete(state, nodes, now);
    }
    if (nodes.allUpdated()) {
      return completed(there.isTarget(there.good()) ? state : good(state, there), now);
    }
    if (operation == null) {
      return withHealth(state, nodes, now);
    }
    return nodes.givenUp() ? givenUp(state, operation, nodes, now) : state;
  }

  private static AddonState good(AddonState state, DaemonSet there) {
    return state.withDaemonSet(there.withTargetGood());
  }

  private static AddonState completed(AddonState state, Instant now) {
    Operation operation = state.operation();
    if (operation instanceof Operation.Create) {
      return state.withOperation(null).withStatus(AddonStatus.ACTIVE, now);
    }
    if (operation instanceof Operation.Update update) {
      return succeeded(state, update, now);
    }
    if (operation instanceof Operation.Undo undo) {
      return state
          .withOperation(null)
          .withStatus(undo.failed() ? AddonStatus.UPDATE_FAILED : AddonStatus.ACTIVE, now);
    }
    return healed(state, now);
  }

  private static AddonState succeeded(AddonState state, Operation.Update update, Instant now) {
    Operation.Wanted wanted = update.wanted();
    return state
        .withOperation(null)
        .withAddon(
            Present.addon(state).toBuilder()
                .addonVersion(wanted.version())
                .configurationValues(wanted.values().orElse(null))
                .serviceAccountRoleArn(wanted.role().orElse(null))
                .status(AddonStatus.ACTIVE)
                .modifiedAt(now)
                .build())
        .changingUpdate(
            update.updateId(), begun -> begun.ended(UpdateStatus.SUCCESSFUL, now, List.of()));
  }

  // Where EKS has applied nothing, agents of somebody else's are ready: that heals no creation.
  private static AddonState healed(AddonState state, Instant now) {
    AddonStatus status = state.addon() == null ? null : state.addon().status();
    boolean isOurs = Present.daemonSet(state).applied() != null;
    return status == AddonStatus.DEGRADED || (status == AddonStatus.CREATE_FAILED && isOurs)
        ? state.withFailure(List.of()).withStatus(AddonStatus.ACTIVE, now)
        : state;
  }

  private static AddonState withHealth(AddonState state, NodeReport nodes, Instant now) {
    AddonStatus status = state.addon() == null ? null : state.addon().status();
    if (status == AddonStatus.ACTIVE && !nodes.failing().isEmpty()) {
      return state.withStatus(AddonStatus.DEGRADED, now);
    }
    return status == AddonStatus.DEGRADED && nodes.down().isEmpty()
        ? state.withStatus(AddonStatus.ACTIVE, now)
        : state;
  }

  private static AddonState givenUp(
      AddonState state, Operation operation, NodeReport nodes, Instant now) {
    if (operation instanceof Operation.Create) {
      return state
          .withOperation(null)
          .withStatus(AddonStatus.CREATE_FAILED, now)
          .withFailure(List.of(issue(nodes.reason())));
    }
    if (operation instanceof Operation.Update update) {
      return failed(state, update, nodes, now);
    }
    boolean failed = operation instanceof Operation.Undo undo && undo.failed();
    return state
        .withOperation(null)
        .withStatus(failed ? AddonStatus.UPDATE_FAILED : AddonStatus.DEGRADED, now);
  }

  private static AddonState failed(
      AddonState state, Operation.Update update, NodeReport nodes, Instant now) {
    DaemonSet there = Present.daemonSet(state);
    AgentRevision good =
        there.goodRevision().filter(revision -> !there.isTarget(revision.id())).orElse(null);
    String reason =
        nodes.reason()
            + (good == null
                ? ": there is no revision to go back to"
                : ": the rollout was undone to revision " + good.number());
    AddonState ended =
        state
            .changingUpdate(
                update.updateId(),
                begun -> begun.ended(UpdateStatus.FAILED, now, List.of(error(reason, nodes))))
            .withFailure(List.of(issue(reason)));
    if (good == null) {
      return ended.withOperation(null).withStatus(AddonStatus.UPDATE_FAILED, now);
    }
    return ended
        .withDaemonSet(
            there
                .goBackTo(good, now, "undo of update " + update.updateId())
                .withApplied(update.appliedBefore()))
        .withOperation(new Operation.Undo(true));
  }

  private static UpdateError error(String reason, NodeReport nodes) {
    return new UpdateError(
        UpdateErrorCode.INSUFFICIENT_NUMBER_OF_REPLICAS,
        reason,
        List.copyOf(nodes.missing().keySet()));
  }

  private static AddonIssue issue(String reason) {
    return new AddonIssue(AddonIssueCode.INSUFFICIENT_NUMBER_OF_REPLICAS, reason, List.of());
  }

  private static AddonState afterDelete(AddonState state, NodeReport nodes, Instant now) {
    if (nodes.allStopped()) {
      return AddonState.NONE;
    }
    boolean deleting = state.addon() != null && state.addon().status() == AddonStatus.DELETING;
    return deleting && nodes.givenUp()
        ? state
            .withStatus(AddonStatus.DELETE_FAILED, now)
            .withFailure(List.of(issue(nodes.reason())))
        : state;
  }

  /** The update that is under way, if there is one, cancelled. */
  static AddonState cancelled(AddonState state, Instant now) {
    if (!(state.operation() instanceof Operation.Update update)) {
      return state;
    }
    DaemonSet there = Present.daemonSet(state);
    return state
        .changingUpdate(
            update.updateId(), begun -> begun.ended(UpdateStatus.CANCELLED, now, List.of()))
        .withDaemonSet(there.withApplied(update.appliedBefore()))
        .withOperation(null);
  }
}
