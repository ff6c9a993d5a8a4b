package dev.podidentity.addon.rollout;

import static dev.podidentity.addon.rollout.AddonFixture.DEBUG;
import static dev.podidentity.addon.rollout.AddonFixture.IPV4;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonIssueCode;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.ResolveConflicts;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.addon.UpdateErrorCode;
import dev.podidentity.addon.UpdateStatus;
import dev.podidentity.addon.configuration.AgentSettings;
import dev.podidentity.addon.configuration.ConfigurationValues;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConflictsTest {
  private static final String VERBOSITY = "/agent/additionalArgs/-v";

  private final AddonFixture fixture = new AddonFixture(2);

  private AgentSettings settings() {
    return fixture.nodes.on("node-00").template().values().agentSettings();
  }

  private void changeOutside() {
    fixture.addons.rollout().change(ConfigurationValues.parse(DEBUG));
    fixture.nodes.runAll();
  }

  private void update(ResolveConflicts resolution) {
    fixture.addons.update(
        UpdateAddon.builder().resolveConflicts(resolution).configurationValues(IPV4).build());
    fixture.nodes.runAll();
  }

  @Test
  void saysInItsHealthThatValuesWereChangedOutside() {
    fixture.created();

    changeOutside();

    assertThat(settings().verbosity()).isEqualTo("debug");
    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(fixture.describe().issues())
        .singleElement()
        .satisfies(issue -> assertThat(issue.resourceIds()).containsExactly(VERBOSITY));
  }

  @Test
  void failsAnUpdateThatWouldChangeWhatOthersChanged() {
    fixture.created();
    changeOutside();

    update(ResolveConflicts.NONE);

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.FAILED);
    assertThat(fixture.last().errors())
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.code()).isEqualTo(UpdateErrorCode.CONFIGURATION_CONFLICT);
              assertThat(error.resourceIds()).containsExactly(VERBOSITY);
            });
    assertThat(fixture.status()).isEqualTo(AddonStatus.UPDATE_FAILED);
    assertThat(settings().bindHosts()).hasSize(2);
  }

  @Test
  void replacesWhatOthersChangedWhenToldToOverwrite() {
    fixture.created();
    changeOutside();

    update(ResolveConflicts.OVERWRITE);

    assertThat(settings().verbosity()).isEqualTo("info");
    assertThat(settings().bindHosts()).hasSize(1);
    assertThat(fixture.describe().issues()).isEmpty();
  }

  @Test
  void keepsWhatOthersChangedWhenToldToPreserve() {
    fixture.created();
    changeOutside();

    update(ResolveConflicts.PRESERVE);

    assertThat(settings().verbosity()).isEqualTo("debug");
    assertThat(settings().bindHosts()).hasSize(1);
    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
  }

  @Test
  void keepsWhatOthersChangedThroughEveryUpdateThatPreserves() {
    fixture.created();
    changeOutside();

    update(ResolveConflicts.PRESERVE);
    update(ResolveConflicts.PRESERVE);
    update(ResolveConflicts.NONE);

    assertThat(settings().verbosity()).isEqualTo("debug");
    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.FAILED);
  }

  @Test
  void failsToPreserveWhatDoesNotGoTogetherWithTheNewValues() {
    fixture.created();
    changeOutside();

    fixture.addons.update(
        UpdateAddon.builder()
            .resolveConflicts(ResolveConflicts.PRESERVE)
            .configurationValues("{\"agent\":{\"additionalArgs\":{\"--verbosity\":\"warn\"}}}")
            .build());
    fixture.nodes.runAll();

    assertThat(fixture.last().status()).isEqualTo(UpdateStatus.FAILED);
    assertThat(settings().verbosity()).isEqualTo("debug");
  }

  @Test
  void countsAnUndoOnTheClusterAsAChangeOutside() {
    fixture.created();
    update(ResolveConflicts.NONE);

    fixture.addons.rollout().undo();
    fixture.nodes.runAll();

    assertThat(settings().bindHosts()).hasSize(2);
    assertThat(fixture.describe().configurationValues()).contains(IPV4);
    assertThat(fixture.describe().issues())
        .singleElement()
        .satisfies(
            issue -> assertThat(issue.code()).isEqualTo(AddonIssueCode.CONFIGURATION_CONFLICT));
  }

  @Test
  void takesOverPreservedAgentsThatHaveItsValues() {
    fixture.created();
    fixture.addons.delete(Addon.NAME, true);
    fixture.nodes.calls.clear();

    fixture.created();

    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(fixture.nodes.calls).isEmpty();
  }

  @Test
  void failsToBeCreatedOverAgentsWithOtherValues() {
    fixture.created();
    changeOutside();
    fixture.addons.delete(Addon.NAME, true);

    fixture.addons.create(
        CreateAddon.builder().resolveConflicts(ResolveConflicts.PRESERVE).build());
    fixture.nodes.runAll();

    assertThat(fixture.status()).isEqualTo(AddonStatus.CREATE_FAILED);
    assertThat(fixture.describe().issues())
        .singleElement()
        .satisfies(issue -> assertThat(issue.resourceIds()).containsExactly(VERBOSITY));
    assertThat(settings().verbosity()).isEqualTo("debug");
  }

  @Test
  void isCreatedOverAgentsWithOtherValuesWhenToldToOverwrite() {
    fixture.created();
    changeOutside();
    fixture.addons.delete(Addon.NAME, true);

    fixture.addons.create(
        CreateAddon.builder().resolveConflicts(ResolveConflicts.OVERWRITE).build());
    fixture.nodes.runAll();

    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(settings().verbosity()).isEqualTo("info");
  }

  @Test
  void recoversFromAnUndoThatDidNotWorkWhereItAppliedNothingYet() {
    fixture.created();
    changeOutside();
    fixture.addons.delete(Addon.NAME, true);
    fixture.addons.create(CreateAddon.builder().build());
    fixture.addons.update(
        UpdateAddon.builder().resolveConflicts(ResolveConflicts.OVERWRITE).build());
    fixture.nodes.runOne();
    fixture.nodes.works = (node, revision) -> false;
    fixture.addons.rollout().undo();
    fixture.pass(Duration.ofMinutes(2));
    assertThat(fixture.status()).isEqualTo(AddonStatus.DEGRADED);

    fixture.nodes.works = (node, revision) -> true;
    fixture.pass(RolloutSettings.MAX_RETRY_DELAY);

    assertThat(fixture.status()).isEqualTo(AddonStatus.ACTIVE);
  }

  @Test
  void namesPlacesAndNeverValues() {
    fixture.created();
    fixture.addons.rollout().change(ConfigurationValues.parse("{\"env\":{\"TOKEN\":\"hunter2\"}}"));
    fixture.nodes.runAll();

    update(ResolveConflicts.NONE);

    assertThat(fixture.last().toString() + fixture.describe().issues())
        .contains("/env/TOKEN")
        .doesNotContain("hunter2");
  }
}
