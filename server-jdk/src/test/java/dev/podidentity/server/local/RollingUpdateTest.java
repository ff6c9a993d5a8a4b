package dev.podidentity.server.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.addon.UpdateError;
import dev.podidentity.addon.UpdateStatus;
import dev.podidentity.addon.rollout.RolloutSettings;
import dev.podidentity.addon.rollout.RolloutStatus;
import dev.podidentity.association.RoleArn;
import dev.podidentity.token.ServiceAccountRef;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rollouts over 20 nodes while 200 pods ask for credentials with the AWS SDK. */
class RollingUpdateTest {
  private static final int NODES = Integer.getInteger("rollout.nodes", 20);
  private static final int PODS = Integer.getInteger("rollout.pods", 200);
  private static final int ROUNDS = Integer.getInteger("rollout.rounds", 1);
  private static final String IPV4_ONLY =
      "{\"agent\":{\"additionalArgs\":{\"-b\":\"169.254.170.23\"}}}";
  private static final String NO_NODE_HAS_IT =
      "{\"agent\":{\"additionalArgs\":{\"-b\":\"169.254.170.99\"}}}";

  @Test
  void isNotNoticedByPods() throws Exception {
    try (var local = start();
        var pods = new SdkPods(pods(local))) {
      pods.awaitARound();
      for (int round = 0; round < ROUNDS; round++) {
        rollsToIpv4Only(local, pods);
        stopsAfterTheFirstNodeAndIsUndone(local, pods);
        assertThat(update(local, "").status()).isEqualTo(UpdateStatus.SUCCESSFUL);
        pods.awaitARound();
      }

      assertThat(pods.failures()).isEmpty();
      System.out.printf(
          "%d pods on %d nodes got credentials %d times in %d rollouts, and failed %d times%n",
          PODS, NODES, pods.answers(), 3 * ROUNDS, pods.failures().size());
    }
  }

  private static void rollsToIpv4Only(LocalEks local, SdkPods pods) {
    AddonUpdate update = update(local, IPV4_ONLY);
    pods.awaitARound();

    assertThat(pods.failures()).isEmpty();
    assertThat(update.status()).isEqualTo(UpdateStatus.SUCCESSFUL);
    assertThat(local.nodes())
        .allSatisfy(
            node ->
                assertThat(node.credentialUris())
                    .singleElement()
                    .extracting(URI::getHost)
                    .asString()
                    .startsWith("127."));
  }

  private static void stopsAfterTheFirstNodeAndIsUndone(LocalEks local, SdkPods pods) {
    AddonUpdate update = update(local, NO_NODE_HAS_IT);
    Until.answer(() -> local.addons().rollout().status(), RolloutStatus::complete);
    pods.awaitARound();

    assertThat(pods.failures()).isEmpty();
    assertThat(update.status()).isEqualTo(UpdateStatus.FAILED);
    assertThat(update.errors())
        .singleElement()
        .extracting(UpdateError::message)
        .asString()
        .contains("Cannot listen on 169.254.170.99 port 80: no network interface of this node")
        .contains("the rollout was undone")
        .containsOnlyOnce("ec2.internal");
    assertThat(local.addons().describe(Addon.NAME).status()).isEqualTo(AddonStatus.UPDATE_FAILED);
    assertThat(local.addons().describe(Addon.NAME).configurationValues()).contains(IPV4_ONLY);
  }

  private static AddonUpdate update(LocalEks local, String values) {
    AddonUpdate begun =
        local.addons().update(UpdateAddon.builder().configurationValues(values).build());
    return Until.answer(
        () -> local.addons().describeUpdate(Addon.NAME, begun.id()),
        update -> update.status() != UpdateStatus.IN_PROGRESS);
  }

  private static LocalEks start() throws Exception {
    LocalEks local =
        LocalEks.builder()
            .nodes(NODES)
            .credentialLifetime(Duration.ofSeconds(90))
            .agentStartTime(Duration.ofMillis(50))
            .rolloutSettings(RolloutSettings.defaults().withRetryDelay(Duration.ofMillis(50)))
            .start();
    local.addons().create(CreateAddon.builder().build());
    Until.answer(
        () -> local.addons().describe(Addon.NAME).status(), status -> status == AddonStatus.ACTIVE);
    return local;
  }

  private static List<LocalEksPod> pods(LocalEks local) {
    var account = new ServiceAccountRef("shop", "checkout");
    local.associations().create(account, RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
    return IntStream.range(0, PODS)
        .mapToObj(number -> local.startPod(account, "checkout-" + number))
        .toList();
  }
}
