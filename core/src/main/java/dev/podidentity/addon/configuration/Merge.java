package dev.podidentity.addon.configuration;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Puts values over values as Helm does, and tells them apart. */
final class Merge {
  private Merge() {}

  static ObjectNode over(ObjectNode upper, ObjectNode lower) {
    ObjectNode merged = lower.deepCopy();
    upper
        .properties()
        .forEach(
            member -> {
              JsonNode below = merged.get(member.getKey());
              if (member.getValue().isNull()) {
                merged.remove(member.getKey());
              } else if (member.getValue() instanceof ObjectNode top) {
                merged.set(member.getKey(), over(top, objectOrEmpty(below)));
              } else {
                merged.set(member.getKey(), member.getValue().deepCopy());
              }
            });
    return merged;
  }

  private static ObjectNode objectOrEmpty(@Nullable JsonNode node) {
    return node instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
  }

  static List<String> differences(ObjectNode one, ObjectNode other) {
    var pointers = new ArrayList<String>();
    collect(JsonPointer.empty(), one, other, pointers);
    return pointers;
  }

  private static void collect(
      JsonPointer at, ObjectNode one, ObjectNode other, List<String> pointers) {
    var keys = new TreeSet<String>();
    one.fieldNames().forEachRemaining(keys::add);
    other.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      JsonNode here = one.path(key);
      JsonNode there = other.path(key);
      if (here instanceof ObjectNode left && there instanceof ObjectNode right) {
        collect(at.appendProperty(key), left, right, pointers);
      } else if (!here.equals(there)) {
        pointers.add(at.appendProperty(key).toString());
      }
    }
  }

  /** A copy with another value at a place; a missing one takes away what is there. */
  static ObjectNode replace(ObjectNode values, String pointer, JsonNode value) {
    ObjectNode copy = values.deepCopy();
    JsonPointer at = JsonPointer.compile(pointer);
    ObjectNode parent = copy.withObject(at.head());
    String key = at.last().getMatchingProperty();
    if (value.isMissingNode()) {
      parent.remove(key);
    } else {
      parent.set(key, value.deepCopy());
    }
    return copy;
  }
}
