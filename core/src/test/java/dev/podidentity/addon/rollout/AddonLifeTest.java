package dev.podidentity.addon.rollout;

import static dev.podidentity.addon.rollout.AddonFixture.DEBUG;
import static dev.podidentity.addon.rollout.AddonFixture.IPV4;
import static dev.podidentity.addon.rollout.AddonFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.AddonIssue;
import dev.podidentity.addon.AddonIssueCode;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.addon.UpdateStatus;
import dev.podidentity.addon.version.AddonVersion;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddonLifeTest {
  private static final AddonVersion OLD = AddonVersion.parse("v1.0.0-eksbuild.1");
  private static final RoleArn ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/agent");

  private final AddonFixture fixture = new AddonFixture(3);

  private ClusterAddons addons() {
    return fixture.addons;
  }

  @Test
  void isActiveOnceEveryNodeHasAnAgent() {
    Addon creating = addons().create(CreateAddon.builder().build());
    assertThat(creating.status()).isEqualTo(AddonStatus.CREATING);

    fixture.nodes.runAll();

    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(fixture.nodes.running).hasSize(3);
    assertThat(fixture.describe().issues()).isEmpty();
    assertThat(fixture.describe().addonArn().toString())
        .matches(
            "arn:aws:eks:us-west-2:111122223333:addon/my-cluster/eks-pod-identity-agent/[0-9a-f-]{36}");
  }

  @Test
  void isActiveOnAClusterWithoutNodes() {
    assertThat(new AddonFixture(0).created().status()).isEqualTo(AddonStatus.ACTIVE);
  }

  @Test
  void hasTheDefaultVersionUnlessOneIsNamed() {
    assertThat(fixture.created().addonVersion())
        .isEqualTo(addons().catalogue().versions().get(0).addonVersion());

    addons().update(UpdateAddon.builder().addonVersion(OLD).build());
    fixture.nodes.runAll();

    assertThat(fixture.describe().addonVersion()).isEqualTo(OLD);
    assertThat(fixture.nodes.on("node-00").template().version()).isEqualTo(OLD);
  }

  @Test
  void refusesASecondCreation() {
    fixture.created();

    assertThat(refusal(() -> addons().create(CreateAddon.builder().build())))
        .isEqualTo(AddonFailure.RESOURCE_IN_USE);
  }

  @Test
  void refusesAnotherAddon() {
    assertThat(refusal(() -> addons().create(CreateAddon.builder("vpc-cni").build())))
        .isEqualTo(AddonFailure.INVALID_PARAMETER);
    assertThat(refusal(() -> addons().describe("vpc-cni")))
        .isEqualTo(AddonFailure.RESOURCE_NOT_FOUND);
  }

  @Test
  void refusesAVersionThatIsNotInTheCatalogueAndNamesThoseThatAre() {
    var request =
        CreateAddon.builder().addonVersion(AddonVersion.parse("v9.0.0-eksbuild.1")).build();

    assertThatThrownBy(() -> addons().create(request))
        .isInstanceOf(AddonException.class)
        .hasMessageContaining("v9.0.0-eksbuild.1")
        .hasMessageContaining("v1.0.0-eksbuild.1");
  }

  @Test
  void refusesValuesThatTheSchemaDoesNotTakeAndNamesThePlace() {
    var request = CreateAddon.builder().configurationValues("{\"agnet\":{}}").build();

    assertThatThrownBy(() -> addons().create(request))
        .isInstanceOf(AddonException.class)
        .hasMessageContaining("/agnet")
        .hasMessageContaining("'agent'");
    assertThat(addons().list()).isEmpty();
  }

  @Test
  void answersARequestThatWasMadeBeforeInTheSameWay() {
    var create = CreateAddon.builder().clientRequestToken("one").build();
    Addon created = addons().create(create);
    assertThat(addons().create(create)).isEqualTo(created);
    fixture.nodes.runAll();
    var update = UpdateAddon.builder().configurationValues(IPV4).clientRequestToken("two").build();

    AddonUpdate begun = addons().update(update);

    assertThat(addons().update(update)).isEqualTo(begun);
    fixture.nodes.runAll();
    assertThat(addons().update(update).id()).isEqualTo(begun.id());
    assertThat(addons().listUpdates(Addon.NAME)).hasSize(1);
  }

  @Test
  void refusesARequestTokenThatWasUsedForSomethingElse() {
    fixture.created();
    addons()
        .update(UpdateAddon.builder().configurationValues(IPV4).clientRequestToken("t").build());
    fixture.nodes.runAll();

    assertThat(
            refusal(
                () ->
                    addons()
                        .update(
                            UpdateAddon.builder()
                                .configurationValues(DEBUG)
                                .clientRequestToken("t")
                                .build())))
        .isEqualTo(AddonFailure.INVALID_PARAMETER);
  }

  @Test
  void hasTheNewValuesOnceAnUpdateIsOnEveryNode() {
    fixture.created();

    assertThat(fixture.update(IPV4).status()).isEqualTo(UpdateStatus.IN_PROGRESS);
    assertThat(fixture.status()).isEqualTo(AddonStatus.UPDATING);
    fixture.nodes.runAll();

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(fixture.describe().configurationValues()).contains(IPV4);
    assertThat(fixture.nodes.running.values())
        .allSatisfy(agent -> assertThat(agent.number()).isEqualTo(2));
  }

  @Test
  void keepsItsValuesWhenAnUpdateGivesNoneAndLosesThemWhenItGivesTheEmptyText() {
    fixture.created();
    fixture.update(IPV4);
    fixture.nodes.runAll();

    addons().update(UpdateAddon.builder().addonVersion(OLD).build());
    fixture.nodes.runAll();
    assertThat(fixture.describe().configurationValues()).contains(IPV4);

    fixture.update("");
    fixture.nodes.runAll();
    assertThat(fixture.describe().configurationValues()).isEmpty();
  }

  @Test
  void takesNoUpdateWhileOneIsUnderWay() {
    fixture.created();
    fixture.update(IPV4);

    assertThat(refusal(() -> addons().update(UpdateAddon.builder().build())))
        .isEqualTo(AddonFailure.RESOURCE_IN_USE);
  }

  @Test
  void saysThatARoleIsNotUsed() {
    addons().create(CreateAddon.builder().serviceAccountRoleArn(ROLE).build());
    fixture.nodes.runAll();

    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(fixture.describe().serviceAccountRoleArn()).contains(ROLE);
    assertThat(fixture.describe().issues())
        .singleElement()
        .extracting(AddonIssue::code)
        .isEqualTo(AddonIssueCode.UNSUPPORTED_ADDON_MODIFICATION);
  }

  @Test
  void takesAndLosesTags() {
    fixture.created();

    addons().tag(Addon.NAME, Tags.of(Map.of("team", "a", "stage", "test")));
    addons().untag(Addon.NAME, List.of("team", "nothing"));

    assertThat(fixture.describe().tags()).isEqualTo(Tags.of(Map.of("stage", "test")));
  }

  @Test
  void failsToBeCreatedWhereAgentsDoNotGetReadyAndRecoversWhenTheyDo() {
    fixture.nodes.works = (node, revision) -> !node.equals("node-01");
    fixture.created();
    fixture.pass(Duration.ofMinutes(1));
    assertThat(fixture.status()).isEqualTo(AddonStatus.CREATE_FAILED);
    assertThat(fixture.describe().issues().get(0).message())
        .contains("node-01 (cannot bind node-01)");

    fixture.nodes.works = (node, revision) -> true;
    fixture.pass(RolloutSettings.MAX_RETRY_DELAY);

    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(fixture.describe().issues()).isEmpty();
  }

  @Test
  void canBeUpdatedToWhatWorksAfterItFailedToBeCreated() {
    fixture.nodes.works =
        (node, revision) -> revision.template().values().agentSettings().bindHosts().size() == 1;
    fixture.created();
    fixture.pass(Duration.ofMinutes(1));

    fixture.update(IPV4);
    fixture.nodes.runAll();

    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
  }

  @Test
  void isDegradedWhileAnAgentDoesNotComeBackAndSaysWhy() {
    fixture.created();
    fixture.nodes.works = (node, revision) -> false;
    fixture.nodes.running.remove("node-02");
    fixture.addons.agentLost("node-02", "out of memory");
    fixture.pass(Duration.ofMinutes(1));

    assertThat(fixture.status()).isEqualTo(AddonStatus.DEGRADED);
    assertThat(fixture.describe().issues())
        .singleElement()
        .satisfies(issue -> assertThat(issue.resourceIds()).containsExactly("node-02"));

    fixture.nodes.works = (node, revision) -> true;
    fixture.pass(RolloutSettings.MAX_RETRY_DELAY);
    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
  }

  @Test
  void startsAnAgentThatKeepsEndingLessAndLessOften() {
    fixture.created();
    fixture.nodes.calls.clear();

    for (int second = 0; second < 600; second += 5) {
      if (fixture.nodes.running.remove("node-00") != null) {
        fixture.addons.agentLost("node-00", "crashed");
      }
      fixture.pass(Duration.ofSeconds(5));
    }

    assertThat(fixture.nodes.calls).hasSizeBetween(4, 9);
  }

  @Test
  void isGoneOnceEveryAgentIsStopped() {
    fixture.created();

    assertThat(addons().delete(Addon.NAME, false).status()).isEqualTo(AddonStatus.DELETING);
    fixture.nodes.runAll();

    assertThat(fixture.nodes.running).isEmpty();
    assertThat(refusal(fixture::describe)).isEqualTo(AddonFailure.RESOURCE_NOT_FOUND);
    assertThat(refusal(fixture.addons.rollout()::status))
        .isEqualTo(AddonFailure.RESOURCE_NOT_FOUND);
  }

  @Test
  void leavesAgentsRunningWhenTheyArePreserved() {
    fixture.created();

    assertThat(addons().delete(Addon.NAME, true).status()).isEqualTo(AddonStatus.DELETING);
    fixture.nodes.runAll();

    assertThat(addons().list()).isEmpty();
    assertThat(fixture.nodes.running).hasSize(3);
    assertThat(fixture.addons.rollout().status().complete()).isTrue();
  }

  @Test
  void failsToBeDeletedWhileAnAgentDoesNotStopAndCanOnlyBeDeletedThen() {
    fixture.created();
    fixture.nodes.stops = false;
    addons().delete(Addon.NAME, false);
    fixture.pass(Duration.ofMinutes(1));

    assertThat(fixture.status()).isEqualTo(AddonStatus.DELETE_FAILED);
    assertThat(fixture.describe().issues().get(0).message()).contains("does not stop node-00");
    assertThat(refusal(() -> fixture.update(IPV4))).isEqualTo(AddonFailure.INVALID_REQUEST);

    fixture.nodes.stops = true;
    assertThat(addons().delete(Addon.NAME, false).status()).isEqualTo(AddonStatus.DELETING);
    fixture.nodes.runAll();
    assertThat(addons().list()).isEmpty();
  }

  @Test
  void hasAsMuchTimeToBeDeletedAsIfNothingHadBeenUnderWay() {
    addons().create(CreateAddon.builder().build());
    fixture.addons.rollout().pause();
    fixture.scheduler.advance(fixture.settings.progressDeadline());

    addons().delete(Addon.NAME, false);

    assertThat(fixture.status()).isEqualTo(AddonStatus.DELETING);
  }

  @Test
  void isNotDeletedTwice() {
    fixture.created();
    addons().delete(Addon.NAME, false);

    assertThat(refusal(() -> addons().delete(Addon.NAME, false)))
        .isEqualTo(AddonFailure.INVALID_REQUEST);
  }

  @Test
  void showsNoConfigurationValueWhenPrinted() {
    addons()
        .create(
            CreateAddon.builder().configurationValues("{\"env\":{\"TOKEN\":\"hunter2\"}}").build());
    fixture.nodes.runAll();
    fixture.update("{\"env\":{\"TOKEN\":\"hunter3\"}}");

    assertThat(fixture.describe().toString() + fixture.last() + addons().rollout().history())
        .doesNotContain("hunter");
  }
}
