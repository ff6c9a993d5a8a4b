package dev.podidentity.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArnTest {
  private static final Map<String, String> PARTITION_BY_REGION =
      Map.of(
          "us-west-2", "aws",
          "ap-southeast-4", "aws",
          "cn-north-1", "aws-cn",
          "us-gov-west-1", "aws-us-gov",
          "us-iso-east-1", "aws-iso",
          "us-isob-east-1", "aws-iso-b",
          "eu-isoe-west-1", "aws-iso-e",
          "us-isof-south-1", "aws-iso-f",
          "eusc-de-east-1", "aws-eusc");

  @Property(tries = 300)
  void aClusterArnReadsAsItPrints(@ForAll("clusters") ClusterArn cluster) {
    assertThat(ClusterArn.parse(cluster.toString())).isEqualTo(cluster);
  }

  @Property(tries = 300)
  void anAssociationArnReadsAsItPrints(
      @ForAll("clusters") ClusterArn cluster, @ForAll("ids") String id) {
    var arn = new AssociationArn(cluster, id);

    assertThat(AssociationArn.parse(arn.toString())).isEqualTo(arn);
  }

  @Property(tries = 300)
  void aRoleArnReadsAsItPrints(@ForAll("roles") RoleArn role) {
    assertThat(RoleArn.parse(role.toString())).isEqualTo(role);
  }

  @Property(tries = 1000)
  void noTextMakesAnyArnFailInAnotherWay(@ForAll String text) {
    assertRefusedOrRead(() -> ClusterArn.parse(text));
    assertRefusedOrRead(() -> AssociationArn.parse(text));
    assertRefusedOrRead(() -> RoleArn.parse(text));
  }

  @Test
  void takesThePartitionFromTheRegion() {
    PARTITION_BY_REGION.forEach(
        (region, partition) ->
            assertThat(ClusterArn.of(region, "111122223333", "c").partition())
                .isEqualTo(partition));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-first", "_first", "has space", "has.dot", "has/slash"})
  void refusesAClusterName(String name) {
    assertThatThrownBy(() -> ClusterArn.of("us-west-2", "111122223333", name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cluster name");
  }

  @Test
  void refusesAClusterNameOf101Characters() {
    assertThatThrownBy(() -> ClusterArn.of("us-west-2", "111122223333", "c".repeat(101)))
        .hasMessageContaining("1 to 100");
  }

  @ParameterizedTest
  @CsvSource({
    "arn:aws-cn:eks:us-west-2:111122223333:cluster/c, partition",
    "arn:aws:eks:nowhere:111122223333:cluster/c, region",
    "arn:aws:eks:us-west-2:1111:cluster/c, twelve digits",
    "arn:aws:eks:us-west-2:111122223333:nodegroup/c, not the ARN"
  })
  void refusesAClusterArn(String text, String why) {
    assertThatThrownBy(() -> ClusterArn.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a-short", "b-abcdefghijklmnop1", "a-ABCDEFGHIJKLMNOP1", ""})
  void refusesAnAssociationId(String id) {
    assertThatThrownBy(() -> new AssociationArn(AssociationFixtures.CLUSTER, id))
        .hasMessageContaining("17");
  }

  private static void assertRefusedOrRead(Runnable parse) {
    try {
      parse.run();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("'");
    }
  }

  @Provide
  Arbitrary<ClusterArn> clusters() {
    var names =
        Arbitraries.strings().withChars("abcXYZ019-_").ofMaxLength(99).map(rest -> "c" + rest);
    return Combinators.combine(Arbitraries.of(PARTITION_BY_REGION.keySet()), accounts(), names)
        .as(ClusterArn::of);
  }

  @Provide
  Arbitrary<String> ids() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .numeric()
        .ofLength(17)
        .map(id -> "a-" + id);
  }

  @Provide
  Arbitrary<RoleArn> roles() {
    var names = Arbitraries.strings().withChars("abcXYZ019_+=,.@-").ofMinLength(1).ofMaxLength(64);
    var paths = Arbitraries.of("/", "/team/", "/a/b/c/", "/service-role/");
    return Combinators.combine(
            Arbitraries.of(PARTITION_BY_REGION.values()), accounts(), paths, names)
        .as(RoleArn::new);
  }

  private static Arbitrary<String> accounts() {
    return Arbitraries.strings().numeric().ofLength(12);
  }
}
