package dev.podidentity.addon.rollout;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonIssue;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.AddonUpdate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of the add-on on one cluster. Immutable.
 *
 * @param addon the add-on, with no issues; null if there is none
 * @param created what it was created with, if repeated requests are to be known
 * @param daemonSet the agents; null if there are none
 * @param operation what EKS is doing; null for nothing
 * @param updates the update history, the oldest first
 * @param failure why the status is one of failure
 */
record AddonState(
    @Nullable Addon addon,
    @Nullable ClientRequest created,
    @Nullable DaemonSet daemonSet,
    @Nullable Operation operation,
    List<StoredUpdate> updates,
    List<AddonIssue> failure) {
  /** How many updates are remembered. */
  static final int MAX_UPDATES = 200;

  static final AddonState NONE = new AddonState(null, null, null, null, List.of(), List.of());

  /** A client's request token, and what was asked with it. */
  record ClientRequest(String token, String content) {}

  /** An update, and the token that it was asked for with. */
  record StoredUpdate(AddonUpdate update, Optional<String> token) {}

  AddonState {
    updates = List.copyOf(updates);
    failure = List.copyOf(failure);
  }

  boolean isDeleting() {
    return operation instanceof Operation.Delete;
  }

  AddonState withAddon(Addon other) {
    return new AddonState(other, created, daemonSet, operation, updates, failure);
  }

  AddonState withCreated(@Nullable ClientRequest request) {
    return new AddonState(addon, request, daemonSet, operation, updates, failure);
  }

  AddonState withDaemonSet(@Nullable DaemonSet other) {
    return new AddonState(addon, created, other, operation, updates, failure);
  }

  AddonState withOperation(@Nullable Operation other) {
    return new AddonState(addon, created, daemonSet, other, updates, failure);
  }

  AddonState withFailure(List<AddonIssue> issues) {
    return new AddonState(addon, created, daemonSet, operation, updates, issues);
  }

  /** The add-on in another status. */
  AddonState withStatus(AddonStatus status, Instant now) {
    return addon == null
        ? this
        : withAddon(addon.toBuilder().status(status).modifiedAt(now).build());
  }

  AddonState withUpdate(StoredUpdate update) {
    var all = new ArrayList<>(updates);
    all.add(update);
    return withUpdates(all.subList(Math.max(0, all.size() - MAX_UPDATES), all.size()));
  }

  AddonState changingUpdate(String id, UnaryOperator<AddonUpdate> change) {
    return withUpdates(
        updates.stream()
            .map(
                stored ->
                    stored.update().id().equals(id)
                        ? new StoredUpdate(change.apply(stored.update()), stored.token())
                        : stored)
            .toList());
  }

  private AddonState withUpdates(List<StoredUpdate> all) {
    return new AddonState(addon, created, daemonSet, operation, all, failure);
  }
}
