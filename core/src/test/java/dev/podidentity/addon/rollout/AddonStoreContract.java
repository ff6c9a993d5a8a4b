package dev.podidentity.addon.rollout;

import static dev.podidentity.addon.rollout.AddonFixture.CLUSTER;
import static dev.podidentity.addon.rollout.AddonFixture.DEBUG;
import static dev.podidentity.addon.rollout.AddonFixture.IPV4;
import static dev.podidentity.addon.rollout.AddonFixture.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.UpdateStatus;
import dev.podidentity.addon.configuration.ConfigurationValues;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.Tags;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store has to do. */
abstract class AddonStoreContract {
  private AddonStore store;

  /** The store, opened anew. */
  abstract AddonStore open() throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  /** The store that the test has open. */
  AddonStore store() {
    return store;
  }

  private void reopen() throws IOException {
    store.close();
    store = open();
  }

  @Test
  void holdsNothingAtFirst() throws IOException {
    assertThat(store.load(CLUSTER)).isEqualTo(AddonState.NONE);
  }

  @Test
  void holdsEveryMemberOfEveryState() throws IOException {
    var seen = new RewritingStore();
    var fixture = new AddonFixture(names(3), seen);
    fixture.addons.create(
        CreateAddon.builder()
            .serviceAccountRoleArn(RoleArn.parse("arn:aws:iam::111122223333:role/agent"))
            .tags(Tags.of(Map.of("team", "a")))
            .configurationValues("{\"env\":{\"A\":\"ü\\n\"}}")
            .clientRequestToken("token")
            .build());
    keepsAsItIs(seen);
    fixture.nodes.runAll();
    fixture.update(IPV4);
    fixture.nodes.runOne();
    keepsAsItIs(seen);
    fixture.nodes.works = (node, revision) -> false;
    fixture.pass(Duration.ofMinutes(1));
    keepsAsItIs(seen);
    fixture.nodes.works = (node, revision) -> true;
    fixture.pass(Duration.ofMinutes(10));
    fixture.addons.rollout().change(ConfigurationValues.parse(DEBUG));
    fixture.addons.rollout().pause();
    keepsAsItIs(seen);
    fixture.addons.delete(Addon.NAME, false);
    keepsAsItIs(seen);
  }

  private void keepsAsItIs(RewritingStore seen) throws IOException {
    AddonState state = seen.load(CLUSTER);
    store.save(CLUSTER, state);
    reopen();
    assertThat(store.load(CLUSTER)).isEqualTo(state);
  }

  @Test
  void refusesTheAddonOfAnotherCluster() throws IOException {
    store.save(CLUSTER, AddonState.NONE);

    assertThatIOException()
        .isThrownBy(() -> store.load(ClusterArn.of("us-west-2", "111122223333", "other")))
        .withMessageContaining("my-cluster")
        .withMessageContaining("other");
  }

  @Test
  void bringsARolloutToItsEndThatWasUnderWay() throws IOException {
    var fixture = new AddonFixture(names(3), store);
    fixture.created();
    AddonUpdate begun = fixture.update(IPV4);
    fixture.nodes.runOne();
    fixture.addons.close();
    reopen();

    var again = new AddonFixture(names(3), store);
    again.nodes.runAll();

    assertThat(again.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(again.addons.listUpdates(Addon.NAME))
        .extracting(AddonUpdate::id)
        .isEqualTo(List.of(begun.id()));
    assertThat(again.last().status()).isEqualTo(UpdateStatus.SUCCESSFUL);
    again.nodes.requireAsKnown(again.addons);
  }
}
