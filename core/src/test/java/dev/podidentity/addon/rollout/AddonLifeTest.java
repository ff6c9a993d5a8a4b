package dev.podidentity.addon.rollout;

import static dev.podidentity.addon.rollout.AddonFixture.IPV4;
import static dev.podidentity.addon.rollout.AddonFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.addon.UpdateStatus;
import org.junit.jupiter.api.Test;

class AddonLifeTest {
  private final AddonFixture fixture = new AddonFixture(3);

  @Test
  void isActiveOnceEveryNodeHasAnAgent() {
    Addon creating = fixture.addons.create(CreateAddon.builder().build());
    assertThat(creating.status()).isEqualTo(AddonStatus.CREATING);

    fixture.nodes.runAll();

    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(fixture.nodes.running).hasSize(3);
    assertThat(fixture.describe().issues()).isEmpty();
  }

  @Test
  void isActiveOnAClusterWithoutNodes() {
    assertThat(new AddonFixture(0).created().status()).isEqualTo(AddonStatus.ACTIVE);
  }

  @Test
  void refusesASecondCreation() {
    fixture.created();

    assertThat(refusal(() -> fixture.addons.create(CreateAddon.builder().build())))
        .isEqualTo(AddonFailure.RESOURCE_IN_USE);
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
  void takesNoUpdateWhileOneIsUnderWay() {
    fixture.created();
    fixture.update(IPV4);

    assertThat(refusal(() -> fixture.addons.update(UpdateAddon.builder().build())))
        .isEqualTo(AddonFailure.RESOURCE_IN_USE);
  }

  @Test
  void isGoneOnceEveryAgentIsStopped() {
    fixture.created();

    assertThat(fixture.addons.delete(Addon.NAME, false).status()).isEqualTo(AddonStatus.DELETING);
    fixture.nodes.runAll();

    assertThat(fixture.nodes.running).isEmpty();
    assertThat(refusal(fixture::describe)).isEqualTo(AddonFailure.RESOURCE_NOT_FOUND);
  }

  @Test
  void leavesAgentsRunningWhenTheyArePreserved() {
    fixture.created();

    assertThat(fixture.addons.delete(Addon.NAME, true).status()).isEqualTo(AddonStatus.DELETING);
    fixture.nodes.runAll();

    assertThat(fixture.addons.list()).isEmpty();
    assertThat(fixture.nodes.running).hasSize(3);
  }
}
