package dev.podidentity.addon.configuration;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The add-on's configuration values, as {@code --configuration-values} takes them: the values of
 * the reference chart that the published {@linkplain #schema() JSON Schema} names. Immutable; equal
 * if the JSON is.
 */
public final class ConfigurationValues {
  private static final String SCHEMA = Resources.text("configuration-schema.json");
  private static final ValueSchema CHECK = new ValueSchema(Resources.json(SCHEMA));
  private static final ConfigurationValues DEFAULTS =
      parse(Resources.text("configuration-defaults.json"));
  private static final ConfigurationValues NONE =
      new ConfigurationValues(JsonNodeFactory.instance.objectNode());

  private final ObjectNode json;
  private final AgentSettings settings;

  private ConfigurationValues(ObjectNode json) {
    this.json = json;
    this.settings = settings(json);
  }

  /** The JSON Schema (draft 7) of configuration values; every key is described. */
  public static String schema() {
    return SCHEMA;
  }

  /** No values: every default holds. */
  public static ConfigurationValues none() {
    return NONE;
  }

  /** The values that hold where nothing else is given. */
  public static ConfigurationValues defaults() {
    return DEFAULTS;
  }

  /**
   * Reads values.
   *
   * @param text a JSON object; the empty text is no values
   * @throws ConfigurationException if it is anything else than the schema takes, if an address or a
   *     duration is none, or if a flag is given by two names
   */
  public static ConfigurationValues parse(String text) {
    if (requireNonNull(text, "text").isBlank()) {
      return none();
    }
    try {
      return of(StrictJson.readObject(text));
    } catch (InvalidJsonException e) {
      throw new ConfigurationException(
          List.of(
              new ConfigurationProblem(
                  "", "text that " + e.getMessage(), "a JSON object", Optional.empty())));
    }
  }

  private static ConfigurationValues of(ObjectNode json) {
    List<ConfigurationProblem> problems = CHECK.check(json);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return new ConfigurationValues(json);
  }

  /** The values with which an agent has these settings, and every other default. */
  public static ConfigurationValues of(AgentSettings settings) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Map<String, String> arguments = settings.arguments();
    if (!arguments.isEmpty()) {
      ObjectNode flags = json.putObject("agent").putObject("additionalArgs");
      arguments.forEach(flags::put);
    }
    return of(json);
  }

  private static AgentSettings settings(ObjectNode json) {
    var arguments = new LinkedHashMap<String, String>();
    json.at("/agent/additionalArgs")
        .properties()
        .forEach(flag -> arguments.put(flag.getKey(), flag.getValue().asText()));
    try {
      return AgentSettings.parse(arguments);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int colon = message.indexOf(": ");
      throw new ConfigurationException(
          List.of(
              new ConfigurationProblem(
                  "/agent/additionalArgs/" + message.substring(0, colon),
                  "what cannot be used",
                  "what the agent's flag takes: " + message.substring(colon + 2),
                  Optional.empty())));
    }
  }

  /** The agent's settings that these values make; what they do not name has its default. */
  public AgentSettings agentSettings() {
    return settings;
  }

  /**
   * These values over others: objects are merged, everything else is replaced, and {@code null}
   * takes away what was there.
   *
   * @throws ConfigurationException if a flag is given by different names here and there
   */
  public ConfigurationValues over(ConfigurationValues others) {
    return new ConfigurationValues(Merge.over(json, others.json));
  }

  /** How many agents of so many nodes may be away at once; at least one. */
  public int maxUnavailable(int nodes) {
    JsonNode given = json.at("/updateStrategy/rollingUpdate/maxUnavailable");
    if (given.isIntegralNumber()) {
      return given.intValue();
    }
    String percentage = given.isTextual() ? given.textValue() : "10%";
    int percent = Integer.parseInt(percentage.substring(0, percentage.length() - 1));
    return Math.max(1, (nodes * percent + 99) / 100);
  }

  /** Where these values and others differ, as JSON pointers to what is no object. */
  public List<String> differences(ConfigurationValues others) {
    return Merge.differences(json, others.json);
  }

  /** These values, with what others have at one place, or have not. */
  public ConfigurationValues with(String pointer, ConfigurationValues others) {
    return new ConfigurationValues(Merge.replace(json, pointer, others.json.at(pointer)));
  }

  /** Whether these values and others have the same at one place, or both nothing. */
  public boolean sameAt(String pointer, ConfigurationValues others) {
    return json.at(pointer).equals(others.json.at(pointer));
  }

  /** The names of the secrets that the image is pulled with. */
  public List<String> imagePullSecrets() {
    return StreamSupport.stream(json.path("imagePullSecrets").spliterator(), false)
        .map(secret -> secret.path("name").asText())
        .toList();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConfigurationValues that && json.equals(that.json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  /** The values as JSON, as {@link #parse} reads them. */
  public String json() {
    return json.toString();
  }

  /** Which keys there are; environment variables may hold secrets. */
  @Override
  public String toString() {
    return "configuration values " + json.properties().stream().map(Map.Entry::getKey).toList();
  }
}
