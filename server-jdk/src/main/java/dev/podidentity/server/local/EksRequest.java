package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request to an operation, taken apart. */
final class EksRequest {
  private final List<String> path;
  private final Map<String, List<String>> query;
  private final byte[] body;

  EksRequest(List<String> path, Map<String, List<String>> query, byte[] body) {
    this.path = path;
    this.query = query;
    this.body = body;
  }

  /** The values that the path holds, decoded, in order. */
  List<String> path() {
    return path;
  }

  /** The values of each parameter, decoded. */
  Map<String, List<String>> query() {
    return query;
  }

  /** The body as an object; empty where there is none. */
  ObjectNode json() throws InvalidJsonException {
    return body.length == 0 ? JsonNodeFactory.instance.objectNode() : StrictJson.readObject(body);
  }

  /** The first value of a parameter; null where there is none. */
  @Nullable String first(String parameter) {
    List<String> values = query.getOrDefault(parameter, List.of());
    return values.isEmpty() ? null : values.get(0);
  }
}
