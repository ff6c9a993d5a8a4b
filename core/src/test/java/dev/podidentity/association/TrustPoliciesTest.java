package dev.podidentity.association;

import static dev.podidentity.association.AssociationFixtures.ROLE;
import static dev.podidentity.association.AssociationFixtures.TARGET;
import static dev.podidentity.association.AssociationFixtures.association;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.TrustPolicyProblem.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustPoliciesTest {
  private static final PodIdentityAssociation PLAIN = association().build();
  private static final PodIdentityAssociation UNTAGGED =
      association().disableSessionTags(true).build();
  private static final PodIdentityAssociation CHAINED =
      association().targetRole(TARGET, "external-1").build();
  private static final String SERVICE = "\"Principal\":{\"Service\":\"pods.eks.amazonaws.com\"}";
  private static final String BOTH = "\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"]";

  @Test
  void whatIsWrittenPassesTheCheck() {
    for (var association : List.of(PLAIN, UNTAGGED, CHAINED)) {
      String policy = TrustPolicies.forRole(association);

      assertThat(TrustPolicies.checkRole(policy, association)).as(policy).isEmpty();
    }
    String target = TrustPolicies.forTargetRole(CHAINED);
    assertThat(TrustPolicies.checkTargetRole(target, CHAINED)).as(target).isEmpty();
  }

  @Test
  void acceptsThePolicyOfTheUserGuide() {
    assertThat(kinds(allow(SERVICE + "," + BOTH))).isEmpty();
  }

  @Test
  void missesTagSession() {
    assertThat(kinds(allow(SERVICE + ",\"Action\":\"sts:AssumeRole\"")))
        .containsExactly(Kind.TAG_SESSION_MISSING);
  }

  @Test
  void needsNoTagSessionWhereSessionsHaveNoTags() {
    String policy = allow(SERVICE + ",\"Action\":\"sts:AssumeRole\"");

    assertThat(TrustPolicies.checkRole(policy, UNTAGGED)).isEmpty();
  }

  @Test
  void missesAssumeRole() {
    assertThat(kinds(allow(SERVICE + ",\"Action\":\"sts:TagSession\"")))
        .containsExactly(Kind.ASSUME_ROLE_MISSING);
  }

  @Test
  void understandsWildcardsInActions() {
    assertThat(kinds(allow(SERVICE + ",\"Action\":\"STS:*\""))).isEmpty();
  }

  @Test
  void missesThePrincipal() {
    var problems =
        TrustPolicies.checkRole(
            allow("\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}," + BOTH), PLAIN);

    assertThat(problems)
        .extracting(TrustPolicyProblem::kind)
        .containsExactly(Kind.PRINCIPAL_MISSING);
    assertThat(problems.get(0).message()).contains("pods.eks.amazonaws.com");
  }

  @Test
  void findsAConditionOnATagThatDoesNotHold() {
    String condition =
        ",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/kubernetes-namespace\":[\"other\"]}}";
    var problems = TrustPolicies.checkRole(allow(SERVICE + "," + BOTH + condition), PLAIN);

    assertThat(problems).extracting(TrustPolicyProblem::kind).contains(Kind.CONDITION_FAILS);
    assertThat(problems.get(0).message()).contains("kubernetes-namespace", "other", "shop");
  }

  @Test
  void findsThatATagConditionNeedsTags() {
    String condition =
        ",\"Condition\":{\"StringLike\":{\"aws:RequestTag/kubernetes-namespace\":\"*\"}}";
    var problems = TrustPolicies.checkRole(allow(SERVICE + "," + BOTH + condition), UNTAGGED);

    assertThat(problems).extracting(TrustPolicyProblem::kind).containsExactly(Kind.CONDITION_FAILS);
  }

  @Test
  void acceptsConditionsThatHold() {
    String condition =
        ",\"Condition\":{\"StringLike\":{\"aws:RequestTag/kubernetes-namespace\":[\"x\",\"sh*\"]},"
            + "\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:eks:*:111122223333:cluster/*\"},"
            + "\"StringNotEquals\":{\"aws:SourceAccount\":\"999999999999\"}}";

    assertThat(kinds(allow(SERVICE + "," + BOTH + condition))).isEmpty();
  }

  @Test
  void leavesToAwsWhatOnlyAwsCanJudge() {
    String condition =
        ",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/kubernetes-pod-name\":\"p\"},"
            + "\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}";

    assertThat(kinds(allow(SERVICE + "," + BOTH + condition))).containsOnly(Kind.CONDITION_UNKNOWN);
  }

  @Test
  void findsADenial() {
    String deny = "{\"Effect\":\"Deny\"," + SERVICE + ",\"Action\":\"sts:AssumeRole\"}";
    String policy =
        "{\"Statement\":[{\"Effect\":\"Allow\"," + SERVICE + "," + BOTH + "}," + deny + "]}";

    assertThat(kinds(policy)).containsExactly(Kind.DENIED);
  }

  @Test
  void aTargetRoleHasToAskForTheExternalId() {
    String policy = allow("\"Principal\":{\"AWS\":\"" + ROLE + "\"}," + BOTH);

    assertThat(TrustPolicies.checkTargetRole(policy, CHAINED))
        .extracting(TrustPolicyProblem::kind)
        .containsExactly(Kind.EXTERNAL_ID_NOT_REQUIRED);
  }

  @Test
  void findsAWrongExternalId() {
    String policy =
        allow(
            "\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},"
                + BOTH
                + ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"other\"}}");

    assertThat(TrustPolicies.checkTargetRole(policy, CHAINED))
        .extracting(TrustPolicyProblem::kind)
        .containsOnly(Kind.CONDITION_FAILS);
  }

  @Test
  void saysWhatIsNoPolicy() {
    assertThat(kinds("no json")).containsExactly(Kind.NOT_A_POLICY);
    assertThat(kinds("{}")).containsExactly(Kind.NOT_A_POLICY);
    assertThat(kinds("{\"Statement\":[1]}")).containsExactly(Kind.NOT_A_POLICY);
  }

  private static List<Kind> kinds(String policy) {
    return TrustPolicies.checkRole(policy, PLAIN).stream().map(TrustPolicyProblem::kind).toList();
  }

  private static String allow(String members) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\"," + members + "}}";
  }
}
