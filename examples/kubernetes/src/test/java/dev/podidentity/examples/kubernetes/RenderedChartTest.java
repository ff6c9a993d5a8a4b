package dev.podidentity.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is checked in is what Helm renders. {@code -Dmanifests.write} writes it anew, for the change
 * to be read before it is committed.
 */
class RenderedChartTest {
  private static final Path MANIFEST = Path.of("manifest.yaml");
  private static final String ABOUT_THE_MANIFEST =
      """
      # What the chart renders for a cluster 'my-cluster' in us-west-2: for those without Helm.
      # Put your cluster, region and image in place of these, then: kubectl apply -f manifest.yaml
      """;

  static List<String> cases() {
    return Chart.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersWhatIsCheckedIn(String name) throws IOException {
    assertCheckedIn(Chart.manifests(name), Chart.render(name));
  }

  @Test
  void rendersThePlainManifest() throws IOException {
    assertCheckedIn(MANIFEST, ABOUT_THE_MANIFEST + Chart.render("default"));
  }

  private static void assertCheckedIn(Path file, String rendered) throws IOException {
    if (System.getProperty("manifests.write") != null) {
      Files.writeString(file, rendered);
    }
    assertThat(Files.readString(file)).isEqualTo(rendered);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersOnlyFieldsThatKubernetesKnows(String name) throws IOException {
    assertThat(Manifests.parse(Files.readString(Chart.manifests(name))))
        .isNotEmpty()
        .extracting(HasMetadata::getKind)
        .contains("DaemonSet");
  }

  @Test
  void wouldSeeAFieldThatKubernetesDoesNotKnow() throws IOException {
    String mistyped =
        Files.readString(Chart.manifests("default")).replace("hostNetwork:", "hostNetworks:");

    assertThatThrownBy(() -> Manifests.parse(mistyped)).hasMessageContaining("hostNetworks");
  }
}
