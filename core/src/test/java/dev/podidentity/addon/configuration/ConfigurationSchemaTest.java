package dev.podidentity.addon.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.podidentity.binding.BindHost;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** Holds the published schema, as a schema library reads it, against the parser. */
class ConfigurationSchemaTest {
  private static final ObjectNode SCHEMA = Resources.json(ConfigurationValues.schema());
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);
  private static final JsonSchema PUBLISHED = FACTORY.getSchema(SCHEMA);

  /** Values of every kind, good in one place or another or nowhere. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "80",
          "65535",
          "65536",
          "-1",
          "1.5",
          "1e300",
          "99999999999999999999",
          "\"\"",
          "\"0\"",
          "\"3h\"",
          "\"1h30m\"",
          "\"3d\"",
          "\"15s\"",
          "\"info\"",
          "\"loud\"",
          "\"true\"",
          "\"8080\"",
          "\"65536\"",
          "\"10%\"",
          "\"0%\"",
          "\"101%\"",
          "\"169.254.170.23\"",
          "\"[fd00:ec2::23]?auto\"",
          "\"10.0.0.256\"",
          "\"169.254.170.23,[fd00:ec2::23]?\"",
          "\"localhost\"",
          "\"http://127.0.0.1:8080/x\"",
          "\"ftp://x\"",
          "\"/metrics\"",
          "\"Exists\"",
          "\"Always\"",
          "\"RollingUpdate\"",
          "\"OnDelete\"",
          "\"registry-1\"",
          "\"NoSchedule\"",
          "{}",
          "[]",
          "[{}]",
          "[{\"name\":\"registry\"}]",
          "[{\"operator\":\"Exists\"}]",
          "{\"a\":\"b\"}",
          "{\"a\":1}",
          "{\"a\":{}}",
          "{\"a\":null}");

  @Property(tries = 3000)
  void agreesWithTheParser(@ForAll long seed) throws Exception {
    ObjectNode document = new Documents(new Random(seed)).object(SCHEMA);

    boolean valid = PUBLISHED.validate(document).isEmpty();

    Statistics.label("valid").collect(valid);
    assertThat(isAccepted(document.toString())).as(document.toString()).isEqualTo(valid);
  }

  @Example
  void isADraft7SchemaItself() {
    JsonSchema metaSchema =
        FACTORY.getSchema(URI.create("http://json-schema.org/draft-07/schema#"));

    assertThat(metaSchema.validate(SCHEMA)).isEmpty();
  }

  @Example
  void describesEveryKey() {
    assertThat(undescribed("", SCHEMA)).isEmpty();
  }

  @Example
  void takesTheDefaults() throws Exception {
    JsonNode defaults = new JsonMapper().readTree(ConfigurationValues.defaults().json());

    assertThat(PUBLISHED.validate(defaults)).isEmpty();
  }

  @Property(tries = 500)
  void settingsComeBackFromTheirValues(@ForAll("settings") AgentSettings settings)
      throws Exception {
    String json = ConfigurationValues.of(settings).json();

    assertThat(ConfigurationValues.parse(json).agentSettings()).isEqualTo(settings);
    assertThat(ConfigurationValues.parse(json).json()).isEqualTo(json);
    assertThat(PUBLISHED.validate(new JsonMapper().readTree(json))).isEmpty();
  }

  @Property(tries = 500)
  void mergingIsWhatItSays(@ForAll long seed, @ForAll @IntRange(min = 0, max = 1) int nothing) {
    var documents = new Documents(new Random(seed));
    ObjectNode upper = documents.valid(SCHEMA);
    ObjectNode lower =
        nothing == 1 ? JsonNodeFactory.instance.objectNode() : documents.valid(SCHEMA);

    ObjectNode merged = Merge.over(upper, lower);

    assertThat(Merge.over(upper, merged)).isEqualTo(merged);
    for (String pointer : Merge.differences(merged, lower)) {
      assertThat(merged.at(pointer)).isNotEqualTo(lower.at(pointer));
    }
  }

  @Provide
  Arbitrary<AgentSettings> settings() {
    Arbitrary<Integer> ports = Arbitraries.integers().between(1, 65535);
    Arbitrary<List<BindHost>> hosts =
        Arbitraries.of(
                "169.254.170.23", "[fd00:ec2::23]", "127.0.0.1?", "[::1]?auto", "10.1.2.3?auto")
            .map(BindHost::parse)
            .list()
            .uniqueElements(BindHost::address)
            .ofMinSize(1);
    Arbitrary<Duration> retentions =
        Arbitraries.longs().between(0, Duration.ofDays(30).toNanos()).map(Duration::ofNanos);
    return Combinators.combine(
            hosts,
            ports,
            ports,
            retentions,
            Arbitraries.integers().between(0, 999999999),
            Arbitraries.integers().between(1, 999999999),
            Arbitraries.of("info", "debug"),
            Arbitraries.of("", "https://eks-auth.test").map(ConfigurationSchemaTest::endpoint))
        .as(
            (bindHosts, port, probePort, retention, size, qps, verbosity, endpoint) ->
                new AgentSettings(
                    bindHosts,
                    port,
                    probePort,
                    "127.0.0.1",
                    port,
                    retention,
                    size,
                    qps,
                    size % 2 == 0,
                    endpoint,
                    verbosity));
  }

  private static Optional<URI> endpoint(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(URI.create(text));
  }

  private static boolean isAccepted(String json) {
    try {
      ConfigurationValues.parse(json);
      return true;
    } catch (ConfigurationException e) {
      return false;
    }
  }

  private static List<String> undescribed(String at, JsonNode schema) {
    var found = new ArrayList<String>();
    if (schema.path("description").asText().isBlank()) {
      found.add(at);
    }
    schema
        .path("properties")
        .properties()
        .forEach(key -> found.addAll(undescribed(at + "/" + key.getKey(), key.getValue())));
    if (schema.has("items")) {
      found.addAll(undescribed(at + "/*", schema.get("items")));
    }
    return found;
  }

  /** Makes documents along the schema, and strays from it now and then. */
  private record Documents(Random random) {
    ObjectNode object(JsonNode schema) throws Exception {
      ObjectNode made = JsonNodeFactory.instance.objectNode();
      var flags = new ArrayList<AgentFlag>();
      for (var property : schema.path("properties").properties()) {
        // A flag by two names is the parser's alone to find.
        var flag = AgentFlag.named(property.getKey());
        boolean twice = flag.isPresent() && flags.contains(flag.get());
        if (random.nextInt(4) == 0 && !twice) {
          made.set(property.getKey(), value(property.getValue()));
          flag.ifPresent(flags::add);
        }
      }
      if (random.nextInt(40) == 0) {
        made.set("unknown", any());
      }
      return made;
    }

    ObjectNode valid(JsonNode schema) {
      while (true) {
        try {
          ObjectNode made = object(schema);
          if (PUBLISHED.validate(made).isEmpty()) {
            return made;
          }
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }

    private JsonNode value(JsonNode schema) throws Exception {
      if (schema.has("properties") && random.nextInt(20) > 0) {
        return object(schema);
      }
      if (schema.has("enum") && random.nextInt(3) > 0) {
        return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
      }
      for (int tries = 0; tries < 30; tries++) {
        JsonNode value = any();
        if (FACTORY.getSchema(schema).validate(value).isEmpty()) {
          return value;
        }
      }
      return any();
    }

    private JsonNode any() throws Exception {
      return new JsonMapper().readTree(VALUES.get(random.nextInt(VALUES.size())));
    }
  }
}
