package dev.podidentity.addon.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddonCatalogueTest {
  private static final AddonVersion FIRST = AddonVersion.parse("v1.0.0-eksbuild.1");
  private static final AddonCatalogue STANDARD = AddonCatalogue.standard();

  private static AddonVersionInfo version(String version, Compatibility... compatibilities) {
    return new AddonVersionInfo(
        AddonVersion.parse(version),
        List.of("amd64"),
        List.of("ec2"),
        List.of(compatibilities),
        false,
        false);
  }

  @ParameterizedTest
  @CsvSource({
    "1.24, eks.12, eks.13",
    "1.25, eks.9, eks.10",
    "1.26, eks.8, eks.9",
    "1.27, eks.7, eks.8",
    "1.28, eks.3, eks.4"
  })
  void needsThePlatformVersionsOfTheUserGuide(String kubernetes, String tooOld, String first) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> STANDARD.requireFor(FIRST, ClusterVersion.parse(kubernetes, tooOld)))
        .withMessageContaining(kubernetes)
        .withMessageContaining(first + " or later");
    assertThatCode(() -> STANDARD.requireFor(FIRST, ClusterVersion.parse(kubernetes, first)))
        .doesNotThrowAnyException();
  }

  @Test
  void isForEveryPlatformVersionOfLaterClusters() {
    assertThat(STANDARD.defaultVersion(ClusterVersion.parse("1.29", "eks.1"))).isPresent();
  }

  @Test
  void refusesAClusterThatIsTooOldAndNamesThoseThatAreNot() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> STANDARD.requireFor(FIRST, ClusterVersion.parse("1.23", "eks.50")))
        .withMessageContaining("1.23 (eks.50)")
        .withMessageContaining("1.24");
  }

  @Test
  void allowsAnUpdateToAnyVersionForTheClusterAnOlderOneToo() {
    var cluster = ClusterVersion.parse("1.33", "eks.1");

    assertThat(STANDARD.versionsFor(cluster)).contains(FIRST).hasSizeGreaterThan(5);
    assertThat(STANDARD.newerThan(FIRST, cluster)).contains(STANDARD.versionsFor(cluster).get(0));
    assertThat(STANDARD.newerThan(STANDARD.versionsFor(cluster).get(0), cluster)).isEmpty();
  }

  @Test
  void hasOneDefaultVersionForEachCluster() {
    for (int minor = 24; minor <= 36; minor++) {
      String kubernetes = "1." + minor;
      assertThat(
              STANDARD.versions().stream()
                  .flatMap(info -> info.compatibilities().stream())
                  .filter(one -> one.clusterVersion().equals(kubernetes) && one.defaultVersion()))
          .as(kubernetes)
          .hasSize(1);
    }
  }

  @Test
  void listsTheNewestFirst() {
    assertThat(STANDARD.versions().get(0).addonVersion())
        .isGreaterThan(AddonVersion.parse("v1.3.9-eksbuild.3"));
    assertThat(STANDARD.versions().get(STANDARD.versions().size() - 1).addonVersion())
        .isEqualTo(FIRST);
  }

  @Test
  void takesVersionsThatAProgramAdds() {
    var mine = version("v2.0.0-eksbuild.1", new Compatibility("1.40", List.of("*"), true));

    AddonCatalogue all = STANDARD.with(mine);

    assertThat(all.defaultVersion(ClusterVersion.parse("1.40", "eks.1")))
        .contains(mine.addonVersion());
    assertThat(all.versions()).hasSize(STANDARD.versions().size() + 1);
    assertThat(all.with(mine).versions()).hasSameSizeAs(all.versions());
  }

  @Test
  void readsWhatTheAwsCommandPrints() {
    String json =
        """
        {"addons": [{"addonName": "eks-pod-identity-agent", "type": "security",
          "addonVersions": [{"addonVersion": "v1.3.4-eksbuild.1",
            "architecture": ["amd64", "arm64"], "computeTypes": ["ec2"],
            "compatibilities": [{"clusterVersion": "1.31", "platformVersions": ["*"],
              "defaultVersion": true}],
            "requiresConfiguration": false, "requiresIamPermissions": false}],
          "publisher": "eks", "owner": "aws"}]}
        """;

    AddonCatalogue catalogue = AddonCatalogue.parse(json);

    assertThat(catalogue.defaultVersion(ClusterVersion.parse("1.31", "eks.1")))
        .contains(AddonVersion.parse("v1.3.4-eksbuild.1"));
    assertThat(catalogue.owner()).isEqualTo("aws");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"addonName\":\"a\",\"addonVersions\":[{}]}",
        "{\"addonName\":\"a\",\"addonVersions\":[{\"addonVersion\":\"1.2\"}]}",
        "{\"addonName\":\"a\",\"addonVersions\":[{\"addonVersion\":\"v1.0.0-eksbuild.1\","
            + "\"compatibilities\":[{\"clusterVersion\":\"1.31\",\"platformVersions\":[\"4\"]}]}]}"
      })
  void refusesWhatIsNoCatalogue(String json) {
    assertThatIllegalArgumentException().isThrownBy(() -> AddonCatalogue.parse(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1.0.0-eksbuild.1", "v1.0-eksbuild.1", "v1.0.0", "v1.0.0-eksbuild.1 "})
  void refusesWhatIsNoVersion(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> AddonVersion.parse(text));
  }
}
