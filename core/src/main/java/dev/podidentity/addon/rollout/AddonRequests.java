package dev.podidentity.addon.rollout;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonArn;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.ResolveConflicts;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.addon.configuration.ConfigurationException;
import dev.podidentity.addon.configuration.ConfigurationValues;
import dev.podidentity.addon.rollout.AddonState.ClientRequest;
import dev.podidentity.addon.rollout.AddonState.StoredUpdate;
import dev.podidentity.addon.version.AddonCatalogue;
import dev.podidentity.addon.version.AddonVersion;
import dev.podidentity.addon.version.ClusterVersion;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.association.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Says what becomes of the add-on after a request of EKS' API, or why it is refused. */
final class AddonRequests {
  private final ClusterArn cluster;
  private final ClusterVersion clusterVersion;
  private final AddonCatalogue catalogue;
  private final Ids ids;

  AddonRequests(
      ClusterArn cluster, ClusterVersion clusterVersion, AddonCatalogue catalogue, Ids ids) {
    this.cluster = cluster;
    this.clusterVersion = clusterVersion;
    this.catalogue = catalogue;
    this.ids = ids;
  }

  /** The state after a creation; the very state that is there, for a request made before. */
  AddonState create(AddonState state, CreateAddon request, Instant now) {
    ClientRequest token = Repeated.request(request);
    if (state.addon() != null) {
      Repeated.requireSame(state, state.addon(), token);
      return state;
    }
    if (!request.addonName().equals(catalogue.addonName())) {
      throw new AddonException(
          AddonFailure.INVALID_PARAMETER,
          "Add-on "
              + request.addonName()
              + " is not supported: the add-on of this cluster is "
              + catalogue.addonName());
    }
    AddonVersion version = request.addonVersion().orElseGet(this::defaultVersion);
    requireSupported(version);
    ConfigurationValues desired = effective(request.configurationValues());
    Addon addon =
        Addon.builder()
            .addonArn(new AddonArn(cluster, catalogue.addonName(), ids.uuid()))
            .status(AddonStatus.CREATING)
            .addonVersion(version)
            .createdAt(now)
            .serviceAccountRoleArn(request.serviceAccountRoleArn().orElse(null))
            .tags(request.tags())
            .configurationValues(request.configurationValues().orElse(null))
            .build();
    return install(state.withAddon(addon).withCreated(token), request, desired, now);
  }

  private AddonState install(
      AddonState state, CreateAddon request, ConfigurationValues desired, Instant now) {
    Addon addon = Present.addon(state);
    var template = new AgentTemplate(addon.addonVersion(), desired, 0);
    DaemonSet there = state.daemonSet();
    if (there == null) {
      var first = new AgentRevision(ids.shortId(), 1, template, now, "add-on created");
      return state
          .withDaemonSet(DaemonSet.of(first, desired))
          .withOperation(new Operation.Create());
    }
    List<String> conflicts = there.conflicts(desired);
    if (request.resolveConflicts() != ResolveConflicts.OVERWRITE && !conflicts.isEmpty()) {
      return state
          .withStatus(AddonStatus.CREATE_FAILED, now)
          .withFailure(List.of(Conflicts.issue(conflicts)));
    }
    return state
        .withDaemonSet(
            there.roll(template, ids.shortId(), now, "add-on created").withApplied(desired))
        .withOperation(new Operation.Create());
  }

  /**
   * The state after an update was taken on, with the update in its history; the very state that is
   * there, for a request made before.
   */
  AddonState update(AddonState state, UpdateAddon request, Instant now) {
    Addon addon = require(state, request.addonName());
    if (Repeated.find(state, request).isPresent()) {
      return state;
    }
    requireIdle(addon);
    AddonVersion version = request.addonVersion().orElse(addon.addonVersion());
    requireSupported(version);
    Optional<String> values =
        request.configurationValues().isPresent()
            ? request.configurationValues().filter(text -> !text.isBlank())
            : addon.configurationValues();
    var wanted =
        new Operation.Wanted(
            version, values, request.serviceAccountRoleArn().or(addon::serviceAccountRoleArn));
    AddonUpdate begun = AddonUpdate.begun(ids.uuid(), Repeated.params(request), now);
    AddonState taken =
        state
            .withStatus(AddonStatus.UPDATING, now)
            .withFailure(List.of())
            .withUpdate(new StoredUpdate(begun, request.clientRequestToken()));
    return apply(taken, request.resolveConflicts(), wanted, effective(values), begun, now);
  }

  private AddonState apply(
      AddonState state,
      ResolveConflicts resolution,
      Operation.Wanted wanted,
      ConfigurationValues desired,
      AddonUpdate update,
      Instant now) {
    DaemonSet there = Present.daemonSet(state);
    List<String> conflicts = there.conflicts(desired);
    if (resolution == ResolveConflicts.NONE && !conflicts.isEmpty()) {
      return Conflicts.failed(state, update.id(), conflicts, now);
    }
    ConfigurationValues merged = desired;
    try {
      if (resolution == ResolveConflicts.PRESERVE) {
        merged = Conflicts.preserved(there, desired);
      }
    } catch (ConfigurationException e) {
      return Conflicts.failed(state, update.id(), conflicts, now);
    }
    var template =
        new AgentTemplate(wanted.version(), merged, there.target().template().restarts());
    return state
        .withDaemonSet(
            there.roll(template, ids.shortId(), now, "update " + update.id()).withApplied(desired))
        .withOperation(new Operation.Update(update.id(), wanted, there.applied()));
  }

  /** The update that a request has begun, now or before. */
  AddonUpdate updateOf(AddonState state, UpdateAddon request) {
    return Repeated.find(state, request)
        .orElseGet(() -> state.updates().get(state.updates().size() - 1).update());
  }

  /** The update history, the newest first. */
  List<AddonUpdate> newestFirst(AddonState state) {
    List<AddonUpdate> updates =
        new ArrayList<>(state.updates().stream().map(StoredUpdate::update).toList());
    Collections.reverse(updates);
    return List.copyOf(updates);
  }

  /** The state after a deletion was taken on. */
  AddonState delete(AddonState state, String addonName, boolean preserve, Instant now) {
    Addon addon = require(state, addonName);
    if (addon.status() == AddonStatus.DELETING) {
      throw new AddonException(
          AddonFailure.INVALID_REQUEST, "Add-on " + addonName + " is being deleted already");
    }
    AddonState cancelled = Endings.cancelled(state, now).withFailure(List.of());
    if (preserve) {
      DaemonSet there = cancelled.daemonSet();
      return AddonState.NONE.withDaemonSet(there == null ? null : there.withApplied(null));
    }
    return cancelled.withStatus(AddonStatus.DELETING, now).withOperation(new Operation.Delete());
  }

  /** The state after a change of tags. */
  AddonState retag(AddonState state, String addonName, UnaryOperator<Tags> change, Instant now) {
    Addon addon = require(state, addonName);
    try {
      return state.withAddon(
          addon.toBuilder().tags(change.apply(addon.tags())).modifiedAt(now).build());
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  /** The add-on of this name. */
  Addon require(AddonState state, String addonName) {
    Addon addon = state.addon();
    if (addon == null || !addon.addonName().equals(addonName)) {
      throw new AddonException(
          AddonFailure.RESOURCE_NOT_FOUND,
          "Cluster " + cluster.name() + " has no add-on " + addonName);
    }
    return addon;
  }

  private static void requireIdle(Addon addon) {
    switch (addon.status()) {
      case CREATING, UPDATING ->
          throw new AddonException(
              AddonFailure.RESOURCE_IN_USE,
              "Add-on "
                  + addon.addonName()
                  + " is "
                  + addon.status()
                  + ": update it when that has come to its end");
      case DELETING, DELETE_FAILED ->
          throw new AddonException(
              AddonFailure.INVALID_REQUEST,
              "Add-on "
                  + addon.addonName()
                  + " is "
                  + addon.status()
                  + ", and can only be deleted");
      case ACTIVE, CREATE_FAILED, UPDATE_FAILED, DEGRADED -> {}
    }
  }

  private AddonVersion defaultVersion() {
    return catalogue
        .defaultVersion(clusterVersion)
        .orElseThrow(
            () ->
                new AddonException(
                    AddonFailure.INVALID_PARAMETER,
                    catalogue.addonName()
                        + " has no default version for cluster version "
                        + clusterVersion
                        + ": name a version"));
  }

  private void requireSupported(AddonVersion version) {
    try {
      catalogue.requireFor(version, clusterVersion);
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  private static ConfigurationValues effective(Optional<String> values) {
    try {
      return ConfigurationValues.parse(values.orElse("")).over(ConfigurationValues.defaults());
    } catch (ConfigurationException e) {
      throw invalid(e);
    }
  }

  private static AddonException invalid(IllegalArgumentException e) {
    return new AddonException(AddonFailure.INVALID_PARAMETER, String.valueOf(e.getMessage()), e);
  }
}
