package dev.podidentity.addon.rollout;

import static dev.podidentity.addon.rollout.AddonFixture.DEBUG;
import static dev.podidentity.addon.rollout.AddonFixture.IPV4;
import static dev.podidentity.addon.rollout.AddonFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.UpdateStatus;
import dev.podidentity.addon.configuration.ConfigurationValues;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rollouts that somebody on the cluster, or an end of the process, gets in the way of. */
class StoppedRolloutTest {
  private final AddonFixture fixture = new AddonFixture(4);
  private final AddonRollout rollout = fixture.addons.rollout();

  @BeforeEach
  void create() {
    fixture.created();
  }

  @Test
  void leavesAgentsAsTheyAreWhilePaused() {
    fixture.update(IPV4);
    fixture.nodes.runOne();
    rollout.pause();
    fixture.pass(Duration.ofHours(1));

    assertThat(fixture.status()).isEqualTo(AddonStatus.UPDATING);
    assertThat(rollout.status().paused()).isTrue();
    assertThat(rollout.status().updated()).isLessThanOrEqualTo(2);
    assertThat(rollout.status().available()).isEqualTo(4);
  }

  @Test
  void goesOnWhenResumed() {
    fixture.update(IPV4);
    rollout.pause();
    fixture.pass(Duration.ofHours(1));

    rollout.resume();
    fixture.nodes.runAll();

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
  }

  @Test
  void replacesAnAgentThatEndsWhilePausedByOneThatWorked() {
    fixture.update(IPV4);
    rollout.pause();
    fixture.nodes.runAll();
    fixture.nodes.running.remove("node-03");
    fixture.addons.agentLost("node-03", "killed");
    fixture.nodes.runAll();

    assertThat(fixture.nodes.on("node-03").number()).isEqualTo(1);
  }

  @Test
  void refusesWhatMakesNoSenseWhilePaused() {
    rollout.pause();

    assertThat(refusal(rollout::pause)).isEqualTo(AddonFailure.INVALID_REQUEST);
    assertThat(refusal(rollout::restart)).isEqualTo(AddonFailure.INVALID_REQUEST);
    assertThat(refusal(rollout::undo)).isEqualTo(AddonFailure.INVALID_REQUEST);
    rollout.resume();
    assertThat(refusal(rollout::resume)).isEqualTo(AddonFailure.INVALID_REQUEST);
  }

  @Test
  void cancelsTheUpdateWhoseRolloutIsUndone() {
    fixture.update(IPV4);
    fixture.nodes.runOne();

    AgentRevision back = rollout.undo();
    fixture.nodes.runAll();

    assertThat(back.number()).isEqualTo(3);
    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.CANCELLED);
    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(fixture.describe().configurationValues()).isEmpty();
    assertThat(fixture.describe().issues()).isEmpty();
    fixture.nodes.requireAsKnown(fixture.addons);
  }

  @Test
  void goesBackToARevisionByItsNumber() {
    fixture.update(IPV4);
    fixture.nodes.runAll();
    fixture.update(DEBUG);
    fixture.nodes.runAll();

    rollout.undoTo(1);
    fixture.nodes.runAll();

    assertThat(rollout.history()).extracting(AgentRevision::number).containsExactly(2, 3, 4);
    assertThat(fixture.nodes.on("node-00").template().values())
        .isEqualTo(ConfigurationValues.defaults());
  }

  @Test
  void refusesToGoBackToWhatNeverWas() {
    assertThat(refusal(() -> rollout.undoTo(7))).isEqualTo(AddonFailure.RESOURCE_NOT_FOUND);
    assertThat(refusal(rollout::undo)).isEqualTo(AddonFailure.INVALID_REQUEST);
  }

  @Test
  void replacesEveryAgentByOneLikeItOnRestart() {
    fixture.nodes.calls.clear();

    rollout.restart();
    fixture.nodes.runAll();

    assertThat(fixture.nodes.calls).hasSize(4);
    assertThat(rollout.status().complete()).isTrue();
    assertThat(fixture.describe().issues()).isEmpty();
  }

  @Test
  void cancelsAnUpdateWhenTheAddonIsDeleted() {
    fixture.update(IPV4);

    fixture.addons.delete(Addon.NAME, false);

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.CANCELLED);
    fixture.nodes.runAll();
    assertThat(fixture.addons.list()).isEmpty();
  }

  @Test
  void endsARolloutThatTheProcessDidNotLiveToSeeTheEndOf() {
    fixture.update(IPV4);
    fixture.nodes.runOne();
    String id = fixture.last().id();

    fixture.restart(AddonFixture.names(4));
    fixture.nodes.runAll();

    assertThat(fixture.last().id()).isEqualTo(id);
    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
    fixture.nodes.requireAsKnown(fixture.addons);
  }

  @Test
  void givesNodesBackWhatWorkedThereBeforeItGoesOnWithARolloutAfterARestart() {
    fixture.update(IPV4);
    fixture.nodes.runOne();
    fixture.nodes.calls.clear();

    fixture.restart(AddonFixture.names(4));
    fixture.nodes.runAll();

    assertThat(fixture.nodes.calls.subList(0, 4))
        .containsExactlyInAnyOrder(
            "start node-00 2", "start node-01 1", "start node-02 1", "start node-03 1");
  }

  @Test
  void undoesARolloutAfterARestartIfItDoesNotWork() {
    fixture.nodes.works = (node, revision) -> revision.number() != 2;
    fixture.update(IPV4);
    fixture.nodes.runOne();

    fixture.restart(AddonFixture.names(4));
    fixture.pass(Duration.ofMinutes(2));

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.FAILED);
    assertThat(fixture.status()).isEqualTo(AddonStatus.UPDATE_FAILED);
    fixture.nodes.requireAsKnown(fixture.addons);
  }

  @Test
  void takesAgentsThatOutlivedTheProcessAsTheyAre() {
    fixture.addons.close();
    fixture.nodes.calls.clear();

    fixture.reopen(AddonFixture.names(4));
    fixture.nodes.runAll();

    assertThat(fixture.nodes.calls).isEmpty();
    assertThat(fixture.addons.rollout().status().complete()).isTrue();
  }
}
