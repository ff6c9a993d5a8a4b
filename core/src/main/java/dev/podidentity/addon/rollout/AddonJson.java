package dev.podidentity.addon.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonArn;
import dev.podidentity.addon.AddonIssue;
import dev.podidentity.addon.AddonIssueCode;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.version.AddonVersion;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.Tags;
import java.util.LinkedHashMap;

/** The add-on as it is kept. */
final class AddonJson {
  private AddonJson() {}

  static ObjectNode write(Addon addon) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("addonArn", addon.addonArn().toString())
            .put("status", addon.status().name())
            .put("addonVersion", addon.addonVersion().toString())
            .put("createdAt", addon.createdAt().toString())
            .put("modifiedAt", addon.modifiedAt().toString());
    addon
        .serviceAccountRoleArn()
        .ifPresent(role -> json.put("serviceAccountRoleArn", role.toString()));
    addon.configurationValues().ifPresent(values -> json.put("configurationValues", values));
    ObjectNode tags = json.putObject("tags");
    addon.tags().asMap().forEach(tags::put);
    return json;
  }

  static Addon read(JsonNode json) {
    var tags = new LinkedHashMap<String, String>();
    json.path("tags").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    return Addon.builder()
        .addonArn(AddonArn.parse(Json.text(json, "addonArn")))
        .status(Json.choice(AddonStatus.class, json, "status"))
        .addonVersion(AddonVersion.parse(Json.text(json, "addonVersion")))
        .createdAt(Json.time(json, "createdAt"))
        .modifiedAt(Json.time(json, "modifiedAt"))
        .serviceAccountRoleArn(
            Json.optional(json, "serviceAccountRoleArn").map(RoleArn::parse).orElse(null))
        .configurationValues(Json.optional(json, "configurationValues").orElse(null))
        .tags(Tags.of(tags))
        .build();
  }

  static ObjectNode write(AddonIssue issue) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("code", issue.code().name())
            .put("message", issue.message());
    Json.texts(json, "resourceIds", issue.resourceIds());
    return json;
  }

  static AddonIssue issue(JsonNode json) {
    return new AddonIssue(
        Json.choice(AddonIssueCode.class, json, "code"),
        Json.text(json, "message"),
        Json.texts(json, "resourceIds"));
  }
}
