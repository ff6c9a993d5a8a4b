package dev.podidentity.addon.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.UpdateError;
import dev.podidentity.addon.UpdateErrorCode;
import dev.podidentity.addon.UpdateParam;
import dev.podidentity.addon.UpdateStatus;
import dev.podidentity.addon.rollout.AddonState.StoredUpdate;
import java.time.Instant;
import java.util.Optional;

/** An entry of the update history as it is kept. */
final class UpdateJson {
  private UpdateJson() {}

  static ObjectNode write(StoredUpdate stored) {
    AddonUpdate update = stored.update();
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", update.id())
            .put("status", update.status().name())
            .put("createdAt", update.createdAt().toString());
    update.endedAt().ifPresent(ended -> json.put("endedAt", ended.toString()));
    stored.token().ifPresent(token -> json.put("token", token));
    Json.array(json, "params", update.params(), UpdateJson::write);
    Json.array(json, "errors", update.errors(), UpdateJson::write);
    return json;
  }

  private static ObjectNode write(UpdateParam param) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", param.type().name())
        .put("value", param.value());
  }

  private static ObjectNode write(UpdateError error) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("code", error.code().name())
            .put("message", error.message());
    Json.texts(json, "resourceIds", error.resourceIds());
    return json;
  }

  static StoredUpdate read(JsonNode json) {
    Optional<Instant> ended =
        json.has("endedAt") ? Optional.of(Json.time(json, "endedAt")) : Optional.empty();
    return new StoredUpdate(
        new AddonUpdate(
            Json.text(json, "id"),
            Json.choice(UpdateStatus.class, json, "status"),
            Json.list(json, "params", UpdateJson::param),
            Json.time(json, "createdAt"),
            ended,
            Json.list(json, "errors", UpdateJson::error)),
        Json.optional(json, "token"));
  }

  private static UpdateParam param(JsonNode json) {
    return new UpdateParam(
        Json.choice(UpdateParam.Type.class, json, "type"), Json.text(json, "value"));
  }

  private static UpdateError error(JsonNode json) {
    return new UpdateError(
        Json.choice(UpdateErrorCode.class, json, "code"),
        Json.text(json, "message"),
        Json.texts(json, "resourceIds"));
  }
}
