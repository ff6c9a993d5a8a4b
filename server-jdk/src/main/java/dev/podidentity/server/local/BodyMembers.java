package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.json.StrictJson;
import org.jspecify.annotations.Nullable;

/** Reads texts out of a request's body; what is no text is an illegal argument. */
final class BodyMembers {
  private BodyMembers() {}

  static String required(ObjectNode body, String member) {
    String text = optional(body, member);
    if (text == null) {
      throw new IllegalArgumentException(member + " is missing");
    }
    return text;
  }

  static @Nullable String optional(ObjectNode body, String member) {
    JsonNode value = body.get(member);
    if (value != null && !value.isNull() && !value.isTextual()) {
      throw new IllegalArgumentException(member + " is not a string");
    }
    return StrictJson.text(body, member);
  }
}
