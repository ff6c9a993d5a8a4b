package dev.podidentity.addon.rollout;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.addon.UpdateParam;
import dev.podidentity.addon.rollout.AddonState.ClientRequest;
import dev.podidentity.addon.rollout.AddonState.StoredUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Knows a request again that was made before with the same client request token. */
final class Repeated {
  private Repeated() {}

  static @Nullable ClientRequest request(CreateAddon request) {
    return request
        .clientRequestToken()
        .map(
            token ->
                new ClientRequest(
                    token,
                    String.join(
                        "|",
                        request.addonName(),
                        request.addonVersion().map(Object::toString).orElse(""),
                        request.serviceAccountRoleArn().map(Object::toString).orElse(""),
                        request.resolveConflicts().name(),
                        request.tags().toString(),
                        request.configurationValues().orElse(""))))
        .orElse(null);
  }

  static void requireSame(AddonState state, Addon addon, @Nullable ClientRequest request) {
    ClientRequest before = state.created();
    if (request == null || before == null || !request.token().equals(before.token())) {
      throw new AddonException(
          AddonFailure.RESOURCE_IN_USE,
          "Cluster "
              + addon.clusterName()
              + " has add-on "
              + addon.addonName()
              + " already: update or delete it");
    }
    if (!request.equals(before)) {
      throw usedBefore();
    }
  }

  /** The update that the same request began. */
  static Optional<AddonUpdate> find(AddonState state, UpdateAddon request) {
    if (request.clientRequestToken().isEmpty()) {
      return Optional.empty();
    }
    Optional<AddonUpdate> before =
        state.updates().stream()
            .filter(stored -> stored.token().equals(request.clientRequestToken()))
            .map(StoredUpdate::update)
            .findFirst();
    if (before.isPresent() && !before.get().params().equals(params(request))) {
      throw usedBefore();
    }
    return before;
  }

  static List<UpdateParam> params(UpdateAddon request) {
    var params = new ArrayList<UpdateParam>();
    request
        .addonVersion()
        .ifPresent(
            version ->
                params.add(new UpdateParam(UpdateParam.Type.ADDON_VERSION, version.toString())));
    request
        .serviceAccountRoleArn()
        .ifPresent(
            role ->
                params.add(
                    new UpdateParam(UpdateParam.Type.SERVICE_ACCOUNT_ROLE_ARN, role.toString())));
    params.add(
        new UpdateParam(UpdateParam.Type.RESOLVE_CONFLICTS, request.resolveConflicts().name()));
    request
        .configurationValues()
        .ifPresent(
            values -> params.add(new UpdateParam(UpdateParam.Type.CONFIGURATION_VALUES, values)));
    return params;
  }

  private static AddonException usedBefore() {
    return new AddonException(
        AddonFailure.INVALID_PARAMETER,
        "clientRequestToken was used for another request before: take a new one for each request");
  }
}
