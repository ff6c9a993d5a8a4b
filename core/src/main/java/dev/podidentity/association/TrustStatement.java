package dev.podidentity.association;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** One statement of a trust policy. */
record TrustStatement(ObjectNode json) {
  static List<TrustStatement> allOf(ObjectNode policy) {
    JsonNode statements = policy.get("Statement");
    if (statements == null) {
      throw new IllegalArgumentException("The document has no Statement");
    }
    var all = new ArrayList<TrustStatement>();
    for (JsonNode statement : statements.isArray() ? statements : List.of(statements)) {
      if (!(statement instanceof ObjectNode object)) {
        throw new IllegalArgumentException("The document has a Statement that is no object");
      }
      all.add(new TrustStatement(object));
    }
    return all;
  }

  boolean denies() {
    return json.path("Effect").asText().equals("Deny");
  }

  boolean allows() {
    return json.path("Effect").asText().equals("Allow");
  }

  boolean isFor(TrustRequest request) {
    JsonNode principal = json.path("Principal");
    if (principal.isTextual()) {
      return principal.asText().equals("*");
    }
    return texts(principal.path(request.principalType())).stream().anyMatch(request::isAllowedAs);
  }

  /** Whether the statement names an action, by itself or with wildcards. */
  boolean names(String action) {
    return texts(json.path("Action")).stream()
        .anyMatch(pattern -> Wildcards.matchesIgnoringCase(pattern, action));
  }

  ObjectNode conditions() {
    return json.get("Condition") instanceof ObjectNode conditions ? conditions : json.objectNode();
  }

  /** A string, or each string of an array. */
  static List<String> texts(JsonNode node) {
    if (!node.isArray()) {
      return node.isMissingNode() ? List.of() : List.of(node.asText());
    }
    var texts = new ArrayList<String>();
    node.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
