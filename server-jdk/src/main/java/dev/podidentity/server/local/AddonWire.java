package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonIssue;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.ResolveConflicts;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.addon.UpdateError;
import dev.podidentity.addon.version.AddonVersion;
import dev.podidentity.association.RoleArn;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The add-on as EKS' API writes it; whatever it does not take is an illegal argument. */
final class AddonWire {
  private static final String NAMESPACE = "kube-system";

  private AddonWire() {}

  static CreateAddon create(ObjectNode body) {
    requireNoAssociations(body);
    String namespace = body.path("namespaceConfig").path("namespace").asText(NAMESPACE);
    if (!namespace.equals(NAMESPACE)) {
      throw new IllegalArgumentException(
          "namespaceConfig: the add-on's agents run in " + NAMESPACE + ", not in " + namespace);
    }
    return CreateAddon.builder(BodyMembers.required(body, "addonName"))
        .addonVersion(version(body))
        .serviceAccountRoleArn(role(body))
        .resolveConflicts(resolution(body))
        .configurationValues(BodyMembers.optional(body, "configurationValues"))
        .tags(AssociationWire.tags(body.get("tags")))
        .clientRequestToken(BodyMembers.optional(body, "clientRequestToken"))
        .build();
  }

  static UpdateAddon update(String addonName, ObjectNode body) {
    requireNoAssociations(body);
    return UpdateAddon.builder(addonName)
        .addonVersion(version(body))
        .serviceAccountRoleArn(role(body))
        .resolveConflicts(resolution(body))
        .configurationValues(BodyMembers.optional(body, "configurationValues"))
        .clientRequestToken(BodyMembers.optional(body, "clientRequestToken"))
        .build();
  }

  private static void requireNoAssociations(ObjectNode body) {
    if (!body.path("podIdentityAssociations").isEmpty()) {
      throw new IllegalArgumentException(
          "podIdentityAssociations: this add-on has none, the agent's permissions come from the"
              + " node's role");
    }
  }

  private static @Nullable AddonVersion version(ObjectNode body) {
    String version = BodyMembers.optional(body, "addonVersion");
    return version == null ? null : AddonVersion.parse(version);
  }

  private static @Nullable RoleArn role(ObjectNode body) {
    String role = BodyMembers.optional(body, "serviceAccountRoleArn");
    return role == null || role.isEmpty() ? null : RoleArn.parse(role);
  }

  private static ResolveConflicts resolution(ObjectNode body) {
    String text = BodyMembers.optional(body, "resolveConflicts");
    if (text == null) {
      return ResolveConflicts.NONE;
    }
    return Arrays.stream(ResolveConflicts.values())
        .filter(value -> value.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "resolveConflicts is '"
                        + text
                        + "': write one of "
                        + List.of(ResolveConflicts.values())));
  }

  static ObjectNode write(Addon addon) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("addonName", addon.addonName())
        .put("clusterName", addon.clusterName())
        .put("status", addon.status().name())
        .put("addonVersion", addon.addonVersion().toString());
    var issues = json.putObject("health").putArray("issues");
    addon.issues().forEach(issue -> issues.add(write(issue)));
    json.put("addonArn", addon.addonArn().toString());
    json.put("createdAt", AssociationWire.epochSeconds(addon.createdAt()));
    json.put("modifiedAt", AssociationWire.epochSeconds(addon.modifiedAt()));
    addon
        .serviceAccountRoleArn()
        .ifPresent(role -> json.put("serviceAccountRoleArn", role.toString()));
    json.set("tags", AssociationWire.write(addon.tags()));
    addon.configurationValues().ifPresent(values -> json.put("configurationValues", values));
    return json;
  }

  private static ObjectNode write(AddonIssue issue) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("code", issue.code().code()).put("message", issue.message());
    var resources = json.putArray("resourceIds");
    issue.resourceIds().forEach(resources::add);
    return json;
  }

  static ObjectNode write(AddonUpdate update) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", update.id()).put("status", update.status().code()).put("type", AddonUpdate.TYPE);
    var params = json.putArray("params");
    update
        .params()
        .forEach(
            param ->
                params.addObject().put("type", param.type().code()).put("value", param.value()));
    json.put("createdAt", AssociationWire.epochSeconds(update.createdAt()));
    var errors = json.putArray("errors");
    update.errors().forEach(error -> errors.add(write(error)));
    return json;
  }

  private static ObjectNode write(UpdateError error) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("errorCode", error.code().code()).put("errorMessage", error.message());
    var resources = json.putArray("resourceIds");
    error.resourceIds().forEach(resources::add);
    return json;
  }
}
