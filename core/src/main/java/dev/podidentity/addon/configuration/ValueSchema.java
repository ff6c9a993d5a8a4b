package dev.podidentity.addon.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Holds a document against a JSON Schema, and says what is wrong in words for people. It knows the
 * keywords that the published schema uses, and fails on any other one: the schema is the only
 * description of what is taken. Thread-safe.
 *
 * @see <a href="https://json-schema.org/draft-07/json-schema-validation">JSON Schema, draft 7</a>
 */
final class ValueSchema {
  private static final List<String> ANNOTATIONS = List.of("$schema", "title", "description");
  private static final int MAX_SHOWN = 64;

  private final ObjectNode schema;
  private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

  ValueSchema(ObjectNode schema) {
    this.schema = schema;
  }

  List<ConfigurationProblem> check(JsonNode document) {
    var problems = new ArrayList<ConfigurationProblem>();
    check("", schema, document, problems);
    return problems;
  }

  private void check(
      String pointer, JsonNode schema, JsonNode value, List<ConfigurationProblem> problems) {
    if (!hasType(schema, value) || !keepsRules(schema, value)) {
      problems.add(
          new ConfigurationProblem(
              pointer, found(pointer, value), accepted(schema), Optional.empty()));
    } else if (value.isObject()) {
      value
          .properties()
          .forEach(
              member -> checkMember(pointer, schema, member.getKey(), member.getValue(), problems));
      requireMembers(pointer, schema, value, problems);
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        check(pointer + "/" + i, schema.path("items"), value.get(i), problems);
      }
    }
  }

  private void checkMember(
      String parent,
      JsonNode schema,
      String key,
      JsonNode value,
      List<ConfigurationProblem> problems) {
    String pointer = parent + "/" + key.replace("~", "~0").replace("/", "~1");
    JsonNode declared = schema.path("properties").get(key);
    JsonNode others = schema.path("additionalProperties");
    if (declared != null) {
      check(pointer, declared, value, problems);
    } else if (others.isObject()) {
      check(pointer, others, value, problems);
    } else if (!others.booleanValue()) {
      List<String> keys = keys(schema.path("properties"));
      problems.add(
          new ConfigurationProblem(
              pointer,
              "the key '" + shortened(key) + "'",
              keys.size() == 1 ? "the key " + keys.get(0) : "one of " + String.join(", ", keys),
              NearestKey.of(shortened(key), keys)));
    }
  }

  private static void requireMembers(
      String pointer, JsonNode schema, JsonNode value, List<ConfigurationProblem> problems) {
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.textValue())) {
        problems.add(
            new ConfigurationProblem(
                pointer,
                "no '" + required.textValue() + "'",
                "an object that has it",
                Optional.empty()));
      }
    }
  }

  private static boolean hasType(JsonNode schema, JsonNode value) {
    JsonNode type = schema.path("type");
    return type.isArray()
        ? StreamSupport.stream(type.spliterator(), false).anyMatch(one -> isOf(one, value))
        : isOf(type, value);
  }

  private static boolean isOf(JsonNode type, JsonNode value) {
    return switch (type.textValue()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      default -> throw new IllegalStateException("the schema has a type " + type);
    };
  }

  private boolean keepsRules(JsonNode schema, JsonNode value) {
    for (Map.Entry<String, JsonNode> rule : schema.properties()) {
      JsonNode limit = rule.getValue();
      boolean kept =
          switch (rule.getKey()) {
            case "enum" -> StreamSupport.stream(limit.spliterator(), false).anyMatch(value::equals);
            case "pattern" -> !value.isTextual() || matches(limit.textValue(), value.textValue());
            case "minimum" ->
                !value.isNumber() || value.decimalValue().compareTo(limit.decimalValue()) >= 0;
            case "maximum" ->
                !value.isNumber() || value.decimalValue().compareTo(limit.decimalValue()) <= 0;
            case "type", "properties", "additionalProperties", "items", "required" -> true;
            default -> isAnnotation(rule.getKey());
          };
      if (!kept) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAnnotation(String keyword) {
    if (!ANNOTATIONS.contains(keyword)) {
      throw new IllegalStateException("the schema has a keyword " + keyword);
    }
    return true;
  }

  private boolean matches(String pattern, String text) {
    return patterns.computeIfAbsent(pattern, Pattern::compile).matcher(text).matches();
  }

  private static String found(String pointer, JsonNode value) {
    if (value.isTextual()) {
      return isSecretive(pointer) ? "a text" : "'" + shortened(value.textValue()) + "'";
    }
    return switch (value.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case NULL -> "null";
      default -> isSecretive(pointer) ? "another value" : value.asText();
    };
  }

  private static boolean isSecretive(String pointer) {
    return pointer.startsWith("/env/");
  }

  private static String shortened(String text) {
    String start = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
    return start.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
  }

  private static String accepted(JsonNode schema) {
    String types =
        schema.path("type").isArray()
            ? StreamSupport.stream(schema.path("type").spliterator(), false)
                .map(JsonNode::textValue)
                .collect(Collectors.joining(" or "))
            : schema.path("type").asText();
    JsonNode choice = schema.get("enum");
    return (choice == null ? types : "one of " + choices(choice))
        + range(schema)
        + description(schema);
  }

  private static String choices(JsonNode choice) {
    return StreamSupport.stream(choice.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(", "));
  }

  private static String range(JsonNode schema) {
    return schema.has("minimum")
        ? " from " + schema.get("minimum").asText() + " to " + schema.get("maximum").asText()
        : "";
  }

  private static String description(JsonNode schema) {
    @Nullable String text = schema.path("description").textValue();
    return text == null ? "" : ": " + text.replaceAll("\\.$", "");
  }

  private static List<String> keys(JsonNode object) {
    var keys = new ArrayList<String>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }
}
