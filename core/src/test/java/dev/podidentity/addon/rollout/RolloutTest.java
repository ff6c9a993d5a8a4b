package dev.podidentity.addon.rollout;

import static dev.podidentity.addon.rollout.AddonFixture.IPV4;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.UpdateStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RolloutTest {
  private final AddonFixture fixture = new AddonFixture(20);

  @Test
  void isUndoneAfterTheFirstNodeIfItsAgentDoesNotGetReady() {
    fixture.created();
    fixture.nodes.works = (node, revision) -> revision.number() != 2;
    fixture.nodes.calls.clear();

    fixture.update(IPV4);
    fixture.nodes.runAll();
    fixture.pass(Duration.ofMinutes(1));

    assertThat(fixture.nodes.calls)
        .containsExactly(
            "start node-00 2", "start node-00 2", "start node-00 2", "start node-00 3");
    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.FAILED);
    assertThat(fixture.last().errors())
        .singleElement()
        .satisfies(error -> assertThat(error.message()).contains("node-00 (cannot bind node-00)"));
    assertThat(fixture.status()).isEqualTo(AddonStatus.UPDATE_FAILED);
    assertThat(fixture.describe().configurationValues()).isEmpty();
    assertThat(fixture.addons.rollout().status().complete()).isTrue();
  }
}
