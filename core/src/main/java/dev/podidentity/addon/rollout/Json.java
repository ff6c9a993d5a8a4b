package dev.podidentity.addon.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Members of what is kept. All that reads throws {@link IllegalArgumentException}, whose message
 * goes on after "it", for what was never written.
 */
final class Json {
  private Json() {}

  static <T> void array(ObjectNode json, String member, List<T> all, Function<T, JsonNode> writer) {
    ArrayNode array = json.putArray(member);
    all.forEach(one -> array.add(writer.apply(one)));
  }

  static void texts(ObjectNode json, String member, List<String> all) {
    ArrayNode array = json.putArray(member);
    all.forEach(array::add);
  }

  static <T> @Nullable T read(@Nullable JsonNode json, Function<JsonNode, T> reader) {
    return json == null ? null : reader.apply(json);
  }

  static <T> List<T> list(JsonNode json, String member, Function<JsonNode, T> reader) {
    var all = new ArrayList<T>();
    json.path(member).forEach(one -> all.add(reader.apply(one)));
    return all;
  }

  static List<String> texts(JsonNode json, String member) {
    return list(json, member, JsonNode::asText);
  }

  static String text(@Nullable JsonNode json, String member) {
    return optional(json, member)
        .orElseThrow(() -> new IllegalArgumentException("has no text member '" + member + "'"));
  }

  static Optional<String> optional(@Nullable JsonNode json, String member) {
    JsonNode value = json == null ? MissingNode.getInstance() : json.path(member);
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }

  static Instant time(JsonNode json, String member) {
    try {
      return Instant.parse(text(json, member));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("has a member '" + member + "' that is no time", e);
    }
  }

  static <E extends Enum<E>> E choice(Class<E> type, JsonNode json, String member) {
    String name = text(json, member);
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("has a member '" + member + "' with " + name, e);
    }
  }
}
