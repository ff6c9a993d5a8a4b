package dev.podidentity.addon.version;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Reads a catalogue in the words of EKS' API. */
final class CatalogueJson {
  private static final String RESOURCE = "catalogue.json";

  private CatalogueJson() {}

  static String standard() {
    try (var in = CatalogueJson.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the library");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AddonCatalogue read(String text) {
    try {
      ObjectNode json = StrictJson.readObject(text);
      return addon(json.at("/addons/0") instanceof ObjectNode first ? first : json);
    } catch (InvalidJsonException e) {
      throw new IllegalArgumentException("The catalogue of versions " + e.getMessage(), e);
    }
  }

  private static AddonCatalogue addon(ObjectNode json) {
    return new AddonCatalogue(
        required(json, "addonName"),
        json.path("type").asText(""),
        json.path("publisher").asText(""),
        json.path("owner").asText(""),
        json.path("defaultNamespace").asText("kube-system"),
        each(json, "addonVersions", CatalogueJson::version));
  }

  private static AddonVersionInfo version(JsonNode json) {
    return new AddonVersionInfo(
        AddonVersion.parse(required(json, "addonVersion")),
        each(json, "architecture", JsonNode::asText),
        each(json, "computeTypes", JsonNode::asText),
        each(json, "compatibilities", CatalogueJson::compatibility),
        json.path("requiresConfiguration").asBoolean(false),
        json.path("requiresIamPermissions").asBoolean(false));
  }

  private static Compatibility compatibility(JsonNode json) {
    return new Compatibility(
        required(json, "clusterVersion"),
        each(json, "platformVersions", JsonNode::asText),
        json.path("defaultVersion").asBoolean(false));
  }

  private static <T> List<T> each(JsonNode json, String member, Function<JsonNode, T> reader) {
    var list = new ArrayList<T>();
    StreamSupport.stream(json.path(member).spliterator(), false).map(reader).forEach(list::add);
    return list;
  }

  private static String required(JsonNode json, String member) {
    JsonNode value = json.path(member);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(
          "The catalogue of versions has an object without the text '" + member + "'");
    }
    return value.textValue();
  }
}
