package dev.podidentity.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podidentity.addon.configuration.ConfigurationValues;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The add-on's values that {@code docs/replacing-the-agent.md} gives. */
class ReplacingPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "replacing-the-agent.md");
  private static final Pattern JSON = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void areTheDefaultAffinityAndTheTrialsLabel() throws IOException {
    String values =
        JSON.matcher(Files.readString(PAGE))
            .results()
            .map(found -> found.group(1))
            .findFirst()
            .orElseThrow();
    assertThat(ConfigurationValues.parse(values)).isNotNull();

    List<JsonNode> expected = new ArrayList<>();
    defaults().forEach(each -> expected.add(MAPPER.valueToTree(each)));
    expected.add(
        MAPPER.readTree("{\"key\": \"pod-identity-trial\", \"operator\": \"DoesNotExist\"}"));
    assertThat(MAPPER.readTree(values).findValue("matchExpressions"))
        .containsExactlyElementsOf(expected);
  }

  private static List<NodeSelectorRequirement> defaults() throws IOException {
    return Manifests.of(DaemonSet.class, Chart.render("default"))
        .get(0)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getAffinity()
        .getNodeAffinity()
        .getRequiredDuringSchedulingIgnoredDuringExecution()
        .getNodeSelectorTerms()
        .get(0)
        .getMatchExpressions();
  }
}
