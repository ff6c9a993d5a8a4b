package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the build says that the executable jar is made of. */
class BillOfMaterialsIT {
  /** Fewer than the root {@code pom.xml} allows, which speaks of what tests use as well. */
  private static final List<String> SHIPPED = List.of("Apache-2.0", "MIT", "MIT-0", "EPL-1.0");

  @Test
  void namesWhatIsInTheJarWithLicencesAndChecksums() throws Exception {
    List<JsonNode> components =
        StreamSupport.stream(
                new ObjectMapper()
                    .readTree(Path.of("target", "bom.json").toFile())
                    .get("components")
                    .spliterator(),
                false)
            .toList();

    assertThat(components.stream().map(component -> component.path("name").asText()))
        .contains("pod-identity-core", "eksauth", "jackson-databind", "logback-classic", "picocli")
        .doesNotContain("junit-jupiter", "assertj-core");
    assertThat(components)
        .allSatisfy(
            component -> {
              assertThat(component.path("version").asText()).isNotEmpty();
              assertThat(component.path("licenses")).isNotEmpty();
              assertThat(component.findValuesAsText("alg")).contains("SHA-256");
              assertThat(licences(component)).containsAnyElementsOf(SHIPPED);
            });
  }

  // Of several licences that a dependency offers, one is enough.
  private static List<String> licences(JsonNode component) {
    return component.path("licenses").findValues("license").stream()
        .map(licence -> licence.path("id").asText(licence.path("name").asText()))
        .toList();
  }
}
