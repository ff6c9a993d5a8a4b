package dev.podidentity.addon.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.rollout.AddonState.ClientRequest;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state as it is kept. */
final class StateJson {
  private static final int VERSION = 1;
  private static final String HEADER = "podIdentityAddon";

  private StateJson() {}

  static String write(AddonState state, ClusterArn cluster) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(HEADER, VERSION).put("cluster", cluster.toString());
    if (state.addon() != null) {
      json.set("addon", AddonJson.write(state.addon()));
    }
    ClientRequest created = state.created();
    if (created != null) {
      json.putObject("created").put("token", created.token()).put("content", created.content());
    }
    if (state.daemonSet() != null) {
      json.set("daemonSet", DaemonSetJson.write(state.daemonSet()));
    }
    if (state.operation() != null) {
      json.set("operation", OperationJson.write(state.operation()));
    }
    Json.array(json, "updates", state.updates(), UpdateJson::write);
    Json.array(json, "failure", state.failure(), AddonJson::write);
    return json.toString();
  }

  /**
   * Throws {@link IllegalArgumentException}, with what is wrong, for anything else than written.
   */
  static AddonState read(String text, ClusterArn cluster) {
    ObjectNode json;
    try {
      json = StrictJson.readObject(text);
    } catch (InvalidJsonException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    if (json.path(HEADER).asInt() != VERSION) {
      throw new IllegalArgumentException("is not what an add-on is kept in");
    }
    String named = Json.text(json, "cluster");
    if (!named.equals(cluster.toString())) {
      throw new IllegalArgumentException("names cluster " + named + ", and not " + cluster);
    }
    return new AddonState(
        Json.read(json.get("addon"), AddonJson::read),
        Json.read(json.get("created"), StateJson::created),
        Json.read(json.get("daemonSet"), DaemonSetJson::read),
        Json.read(json.get("operation"), OperationJson::read),
        List.copyOf(Json.list(json, "updates", UpdateJson::read)),
        List.copyOf(Json.list(json, "failure", AddonJson::issue)));
  }

  private static ClientRequest created(@Nullable JsonNode json) {
    return new ClientRequest(Json.text(json, "token"), Json.text(json, "content"));
  }
}
