package dev.podidentity.addon.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.configuration.ConfigurationValues;
import dev.podidentity.addon.version.AddonVersion;
import java.util.LinkedHashMap;
import java.util.List;

/** The agents as they are kept. */
final class DaemonSetJson {
  private DaemonSetJson() {}

  static ObjectNode write(DaemonSet there) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Json.array(json, "revisions", there.revisions(), DaemonSetJson::write);
    json.put("good", there.good()).put("paused", there.paused());
    ConfigurationValues applied = there.applied();
    if (applied != null) {
      json.put("applied", applied.json());
    }
    ObjectNode agents = json.putObject("agents");
    there.agents().forEach(agents::put);
    return json;
  }

  private static ObjectNode write(AgentRevision revision) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", revision.id())
        .put("number", revision.number())
        .put("version", revision.template().version().toString())
        .put("values", revision.template().values().json())
        .put("restarts", revision.template().restarts())
        .put("createdAt", revision.createdAt().toString())
        .put("cause", revision.cause());
  }

  static DaemonSet read(JsonNode json) {
    List<AgentRevision> revisions = Json.list(json, "revisions", DaemonSetJson::revision);
    if (revisions.isEmpty()) {
      throw new IllegalArgumentException("has agents without a revision");
    }
    var agents = new LinkedHashMap<String, String>();
    json.path("agents")
        .properties()
        .forEach(agent -> agents.put(agent.getKey(), agent.getValue().asText()));
    return new DaemonSet(
        revisions,
        Json.text(json, "good"),
        Json.optional(json, "applied").map(ConfigurationValues::parse).orElse(null),
        json.path("paused").asBoolean(),
        agents);
  }

  private static AgentRevision revision(JsonNode json) {
    return new AgentRevision(
        Json.text(json, "id"),
        json.path("number").asInt(),
        new AgentTemplate(
            AddonVersion.parse(Json.text(json, "version")),
            ConfigurationValues.parse(Json.text(json, "values")),
            json.path("restarts").asInt()),
        Json.time(json, "createdAt"),
        Json.text(json, "cause"));
  }
}
