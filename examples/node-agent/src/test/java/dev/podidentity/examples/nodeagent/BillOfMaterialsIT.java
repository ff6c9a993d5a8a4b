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
            });
  }
}
