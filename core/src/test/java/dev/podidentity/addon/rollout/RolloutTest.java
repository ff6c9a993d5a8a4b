package dev.podidentity.addon.rollout;

import static dev.podidentity.addon.rollout.AddonFixture.DEBUG;
import static dev.podidentity.addon.rollout.AddonFixture.IPV4;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.UpdateError;
import dev.podidentity.addon.UpdateStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutTest {
  private final AddonFixture fixture = new AddonFixture(20);

  @Test
  void isUndoneAfterTheFirstNodeIfItsAgentDoesNotGetReady() {
    fixture.created();
    fixture.nodes.works = (node, revision) -> revision.number() != 2;
    fixture.nodes.calls.clear();

    fixture.update(IPV4);
    fixture.pass(Duration.ofMinutes(1));

    assertThat(fixture.nodes.calls)
        .containsExactly(
            "start node-00 2", "start node-00 2", "start node-00 2", "start node-00 3");
    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.FAILED);
    assertThat(fixture.last().errors())
        .extracting(UpdateError::message)
        .singleElement()
        .asString()
        .contains("node-00 (cannot bind node-00)", "undone to revision 1");
    assertThat(fixture.status()).isEqualTo(AddonStatus.UPDATE_FAILED);
    assertThat(fixture.describe().configurationValues()).isEmpty();
    assertThat(fixture.addons.rollout().status().complete()).isTrue();
  }

  @Test
  void triesANewRevisionOnOneNodeBeforeItTakesAsManyAsMayBeAway() {
    fixture.created();

    fixture.update(IPV4);

    assertThat(fixture.nodes.waiting).hasSize(1);
    fixture.nodes.runOne();
    assertThat(fixture.nodes.waiting).hasSize(2);
  }

  @Test
  void neverHasMoreAgentsAwayThanTheValuesAllow() {
    fixture.created();

    fixture.update("{\"updateStrategy\":{\"rollingUpdate\":{\"maxUnavailable\":5}}}");

    int most = 0;
    while (fixture.nodes.runOne()) {
      most = Math.max(most, 20 - fixture.addons.rollout().status().available());
    }
    assertThat(most).isEqualTo(5);
    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
  }

  @Test
  void takesNoFurtherNodeWhileTheNewAgentFailsOnOne() {
    fixture.created();
    fixture.nodes.works = (node, revision) -> revision.number() == 1 || !node.equals("node-05");

    fixture.update(IPV4);
    fixture.nodes.runAll();

    assertThat(fixture.addons.rollout().status().updated()).isLessThanOrEqualTo(7);
    assertThat(fixture.addons.rollout().status().available()).isEqualTo(19);
    assertThat(fixture.addons.rollout().status().failures()).containsOnlyKeys("node-05");
  }

  @Test
  void isUndoneOnEveryNodeThatItHadReached() {
    fixture.created();
    fixture.nodes.works = (node, revision) -> revision.number() != 2 || !node.equals("node-05");

    fixture.update(IPV4);
    fixture.pass(Duration.ofMinutes(5));

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.FAILED);
    assertThat(fixture.nodes.running.values())
        .hasSize(20)
        .allSatisfy(
            agent -> assertThat(agent.template().values().agentSettings().bindHosts()).hasSize(2));
  }

  @Test
  void forgivesAFailureThatDoesNotComeBack() {
    fixture.created();
    fixture.nodes.works = (node, revision) -> false;
    fixture.update(IPV4);
    fixture.nodes.runOne();
    fixture.nodes.works = (node, revision) -> true;

    fixture.pass(Duration.ofMinutes(1));

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
  }

  @Test
  void isUndoneAtTheDeadlineIfAnAgentNeitherStartsNorFails() {
    fixture.created();
    fixture.update(IPV4);
    Runnable hanging = fixture.nodes.waiting.remove();

    fixture.pass(fixture.settings.progressDeadline());

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.FAILED);
    assertThat(fixture.last().errors().get(0).message())
        .contains("deadline", "node-00 (took longer than 60000 ms)");
    assertThat(fixture.status()).isEqualTo(AddonStatus.UPDATING);

    hanging.run();
    fixture.pass(Duration.ofMinutes(1));

    assertThat(fixture.status()).isEqualTo(AddonStatus.UPDATE_FAILED);
    fixture.nodes.requireAsKnown(fixture.addons);
  }

  @Test
  void makesNoSecondCallOnANodeBeforeTheFirstHasReturned() {
    fixture.created();
    fixture.update(IPV4);
    Runnable hanging = fixture.nodes.waiting.remove();
    fixture.nodes.calls.clear();

    fixture.pass(Duration.ofMinutes(9));

    assertThat(fixture.nodes.calls).noneMatch(call -> call.contains("node-00"));
    hanging.run();
  }

  @Test
  void givesANodeThatJoinsWhatWorkedBeforeItIsRolledLikeTheOthers() {
    fixture.created();
    fixture.nodes.works = (node, revision) -> revision.number() != 2;
    fixture.update(IPV4);

    fixture.addons.nodeJoined("node-99");
    fixture.nodes.runAll();

    assertThat(fixture.nodes.on("node-99").number()).isEqualTo(1);
    fixture.nodes.works = (node, revision) -> true;
    fixture.pass(Duration.ofMinutes(1));
    assertThat(fixture.nodes.on("node-99").number()).isEqualTo(2);
    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
  }

  @Test
  void doesNotWaitForANodeThatHasLeft() {
    fixture.created();
    fixture.nodes.works = (node, revision) -> revision.number() == 1 || !node.equals("node-05");
    fixture.update(IPV4);
    fixture.nodes.runAll();

    fixture.nodes.running.remove("node-05");
    fixture.addons.nodeLeft("node-05");
    fixture.nodes.runAll();

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
    assertThat(fixture.addons.rollout().status().desired()).isEqualTo(19);
  }

  @Test
  void startsAfreshOnANodeThatLeftAndCameBackDuringACall() {
    fixture.created();
    fixture.update(IPV4);
    fixture.addons.nodeLeft("node-00");
    fixture.nodes.running.remove("node-00");
    fixture.addons.nodeJoined("node-00");

    fixture.nodes.runAll();

    fixture.nodes.requireAsKnown(fixture.addons);
    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
  }

  @Test
  void goesBackToARevisionInsteadOfMakingOneLikeIt() {
    fixture.created();
    fixture.update(IPV4);
    fixture.nodes.runAll();
    fixture.update("");
    fixture.nodes.runAll();

    assertThat(fixture.addons.rollout().history())
        .extracting(AgentRevision::number)
        .containsExactly(2, 3);
  }

  @Test
  void succeedsAtOnceIfNodesRunWhatIsAskedFor() {
    fixture.created();
    fixture.nodes.calls.clear();

    fixture.update("{}");

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
    assertThat(fixture.nodes.calls).isEmpty();
  }

  @Test
  void speaksOfItsProgressAsKubectlDoes() {
    fixture.created();
    fixture.update(DEBUG);
    fixture.nodes.runOne();

    assertThat(fixture.addons.rollout().status().message())
        .isEqualTo(
            "Waiting for daemon set \"eks-pod-identity-agent\" rollout to finish:"
                + " 1 out of 20 new pods have been updated...");
    fixture.nodes.runAll();
    assertThat(fixture.addons.rollout().status().message())
        .isEqualTo("daemon set \"eks-pod-identity-agent\" successfully rolled out");
  }

  @Test
  void remembersAsManyRevisionsAsKubernetesAndThoseThatNodesStillRun() {
    fixture.created();
    for (int i = 0; i < 30; i++) {
      fixture.update(
          "{\"updateStrategy\":{\"rollingUpdate\":{\"maxUnavailable\":%d}}}".formatted(i + 1));
      fixture.nodes.runAll();
    }

    List<AgentRevision> history = fixture.addons.rollout().history();
    assertThat(history).hasSize(DaemonSet.MAX_REVISIONS);
    assertThat(history.get(10).number()).isEqualTo(31);
  }
}
