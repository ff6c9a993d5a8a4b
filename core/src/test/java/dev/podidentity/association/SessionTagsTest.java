package dev.podidentity.association;

import static dev.podidentity.association.AssociationFixtures.ACCOUNT;
import static dev.podidentity.association.AssociationFixtures.CLUSTER;
import static dev.podidentity.association.AssociationFixtures.POLICY;
import static dev.podidentity.association.AssociationFixtures.association;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalPod;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;

class SessionTagsTest {
  private static final LocalCluster CLUSTER_OF_TOKENS = LocalCluster.builder().build();

  @Example
  void areTheSixOfEksInOrder() {
    LocalPod pod = CLUSTER_OF_TOKENS.startPod(ACCOUNT, "checkout-7d9f");
    SessionTags tags = SessionTags.of(association().build(), token(pod));

    assertThat(tags.asMap())
        .containsExactly(
            Map.entry("eks-cluster-arn", CLUSTER.toString()),
            Map.entry("eks-cluster-name", "my-cluster"),
            Map.entry("kubernetes-namespace", "shop"),
            Map.entry("kubernetes-service-account", "checkout"),
            Map.entry("kubernetes-pod-name", "checkout-7d9f"),
            Map.entry("kubernetes-pod-uid", pod.pod().uid()));
    assertThat(tags.transitiveKeys()).isEqualTo(tags.asMap().keySet());
  }

  @Example
  void areNoneWhereTheAssociationDisablesThem() {
    var association = association().disableSessionTags(true).build();

    assertThat(SessionTags.of(association, token()).asMap()).isEmpty();
  }

  @Example
  void estimatesWhatUsersMeasured() {
    Map<String, String> nine =
        IntStream.rangeClosed(1, 9)
            .boxed()
            .collect(Collectors.toMap(i -> "T" + i, i -> "a".repeat(250)));

    assertThat(SessionTags.none().estimate(nine, null).percent()).isBetween(490, 506);
  }

  @Example
  void theSixTagsAloneFitAndLeaveLittle() {
    PackedPolicyEstimate estimate =
        SessionTags.of(association().build(), token()).estimate(Map.of(), null);

    assertThat(estimate.percent()).isBetween(50, 90);
    assertThat(estimate.likelyFits()).isTrue();
    assertThat(estimate.advice()).isEmpty();
  }

  @Example
  void saysWhenChainingOverflowsAndWhatToDo() {
    Map<String, String> own = Map.of("project", "p".repeat(150), "team", "t".repeat(70));

    PackedPolicyEstimate estimate =
        SessionTags.of(association().build(), token()).estimate(own, null);

    assertThat(estimate.percent()).isGreaterThan(100);
    assertThat(estimate.likelyFits()).isFalse();
    assertThat(estimate.advice())
        .hasSize(2)
        .anyMatch(advice -> advice.contains("disableSessionTags"))
        .anyMatch(advice -> advice.contains("shorten"));
  }

  @Example
  void countsThePolicyToo() {
    int without = SessionTags.none().estimate(Map.of(), null).percent();

    assertThat(SessionTags.none().estimate(Map.of(), POLICY).percent()).isGreaterThan(without);
  }

  @Property(tries = 100)
  void sessionNamesKeepToStsRules(
      @ForAll @AlphaChars @StringLength(min = 1, max = 99) String cluster) {
    UUID unique = UUID.randomUUID();

    String name = RoleSessionName.of("c" + cluster, token(), unique);

    assertThat(name).matches("[\\w+=,.@-]{2,64}").startsWith("eks-c").endsWith("-" + unique);
  }

  private static ServiceAccountToken token() {
    return token(
        CLUSTER_OF_TOKENS.startPod(new ServiceAccountRef("shop", "checkout"), "checkout-1"));
  }

  private static ServiceAccountToken token(LocalPod pod) {
    return ServiceAccountToken.parse(CLUSTER_OF_TOKENS.projectedToken(pod));
  }
}
