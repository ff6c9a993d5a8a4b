package dev.podidentity.addon.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.configuration.ConfigurationValues;
import dev.podidentity.addon.version.AddonVersion;
import dev.podidentity.association.RoleArn;

/** What is under way, as it is kept. */
final class OperationJson {
  private OperationJson() {}

  static ObjectNode write(Operation operation) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (operation instanceof Operation.Create) {
      return json.put("kind", "create");
    }
    if (operation instanceof Operation.Delete) {
      return json.put("kind", "delete");
    }
    if (operation instanceof Operation.Undo undo) {
      return json.put("kind", "undo").put("failed", undo.failed());
    }
    return write(json, (Operation.Update) operation);
  }

  private static ObjectNode write(ObjectNode json, Operation.Update update) {
    json.put("kind", "update")
        .put("updateId", update.updateId())
        .put("version", update.wanted().version().toString());
    update.wanted().values().ifPresent(values -> json.put("values", values));
    update.wanted().role().ifPresent(role -> json.put("role", role.toString()));
    ConfigurationValues before = update.appliedBefore();
    if (before != null) {
      json.put("appliedBefore", before.json());
    }
    return json;
  }

  static Operation read(JsonNode json) {
    String kind = Json.text(json, "kind");
    return switch (kind) {
      case "create" -> new Operation.Create();
      case "delete" -> new Operation.Delete();
      case "undo" -> new Operation.Undo(json.path("failed").asBoolean());
      case "update" -> update(json);
      default -> throw new IllegalArgumentException("has an operation " + kind);
    };
  }

  private static Operation update(JsonNode json) {
    return new Operation.Update(
        Json.text(json, "updateId"),
        new Operation.Wanted(
            AddonVersion.parse(Json.text(json, "version")),
            Json.optional(json, "values"),
            Json.optional(json, "role").map(RoleArn::parse)),
        Json.optional(json, "appliedBefore").map(ConfigurationValues::parse).orElse(null));
  }
}
