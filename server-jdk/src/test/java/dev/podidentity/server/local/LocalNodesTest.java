package dev.podidentity.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonIssue;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.addon.rollout.RolloutSettings;
import dev.podidentity.association.RoleArn;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalNodesTest {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  private static final RoleArn ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/my-role");

  @TempDir private Path folder = Path.of("");

  @Test
  void givesPodsToTheNodesThatHaveTheFewest() throws Exception {
    try (var eks = LocalEks.builder().nodes(3).start()) {
      var pods =
          IntStream.range(0, 6).mapToObj(i -> eks.startPod(ACCOUNT, "checkout-" + i)).toList();

      assertThat(pods.stream().map(pod -> pod.pod().nodeName()).distinct()).hasSize(3);
      assertThat(pods.stream().map(LocalEksPod::credentialsUri).distinct()).hasSize(3);

      eks.stopPod(pods.get(4));
      assertThat(eks.startPod(ACCOUNT, "checkout-6").pod().nodeName())
          .isEqualTo(pods.get(4).pod().nodeName());
      String third = eks.nodes().get(2).name();
      assertThat(eks.startPod(ACCOUNT, "checkout-7", third).pod().nodeName()).isEqualTo(third);
      assertThatThrownBy(() -> eks.startPod(ACCOUNT, "checkout-8", "no-node"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(third);
    }
  }

  @Test
  void haveAgentsBeforeThereIsAnAddonAndKeepTheirAddressesWhenThereIsOne() throws Exception {
    try (var eks = LocalEks.builder().nodes(2).start()) {
      LocalEksPod pod = pod(eks);
      assertThat(ask(pod)).isEqualTo(200);
      List<List<URI>> before = uris(eks);

      create(eks, "");

      assertThat(untilSettled(eks).status()).isEqualTo(AddonStatus.ACTIVE);
      assertThat(uris(eks)).isEqualTo(before);
      assertThat(ask(pod)).isEqualTo(200);
    }
  }

  @Test
  void lackIpv6AsTheGuideSaysAndStartWithoutItWhenTold() throws Exception {
    try (var eks =
        LocalEks.builder()
            .firstNode(BindingRules.parse(List.of("127.0.0.1")), 0)
            .rolloutSettings(RolloutSettings.defaults().withRetryDelay(Duration.ofMillis(20)))
            .withoutAgents()
            .start()) {
      create(eks, "");

      Addon failed = untilSettled(eks);
      assertThat(failed.status()).isEqualTo(AddonStatus.CREATE_FAILED);
      assertThat(failed.issues())
          .extracting(AddonIssue::message)
          .anySatisfy(
              message ->
                  assertThat(message)
                      .contains("Cannot listen on [fd00:ec2::23] port 80: IPv6 is off on this node")
                      .contains("-b 169.254.170.23"));

      eks.addons()
          .update(
              UpdateAddon.builder().configurationValues(arguments("-b", "169.254.170.23")).build());
      assertThat(untilSettled(eks).status()).isEqualTo(AddonStatus.ACTIVE);
      assertThat(ask(pod(eks))).isEqualTo(200);
    }
  }

  @Test
  void areNotFoundByPodsOnAnotherPort() throws Exception {
    try (var eks = LocalEks.start()) {
      LocalEksPod pod = pod(eks);

      create(eks, arguments("-p", "8080"));

      assertThat(untilSettled(eks).status()).isEqualTo(AddonStatus.ACTIVE);
      assertThatThrownBy(() -> ask(pod)).isInstanceOf(ConnectException.class);
      assertThat(eks.nodes().get(0).credentialUris()).doesNotContain(pod.credentialsUri());
    }
  }

  @Test
  void haveTheAddonsAgentsAgainAfterARestart() throws Exception {
    try (var eks = LocalEks.builder().dataDir(folder).start()) {
      create(eks, arguments("-b", "169.254.170.23"));
      assertThat(untilSettled(eks).status()).isEqualTo(AddonStatus.ACTIVE);
    }

    try (var eks = LocalEks.builder().dataDir(folder).start()) {
      assertThat(eks.nodes().get(0).credentialUris()).hasSize(1);
      assertThat(ask(pod(eks))).isEqualTo(200);
      assertThat(eks.addons().describe(Addon.NAME).status()).isEqualTo(AddonStatus.ACTIVE);
    }
  }

  @Test
  void areOneAtLeastAndNotMoreThanLoopbackHasAddresses() {
    for (int count : new int[] {0, 251}) {
      assertThatThrownBy(() -> LocalEks.builder().nodes(count))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String arguments(String flag, String value) {
    return "{\"agent\":{\"additionalArgs\":{\"" + flag + "\":\"" + value + "\"}}}";
  }

  private static void create(LocalEks eks, String values) {
    eks.addons().create(CreateAddon.builder().configurationValues(values).build());
  }

  private static Addon untilSettled(LocalEks eks) {
    return Until.answer(
        () -> eks.addons().describe(Addon.NAME), addon -> !addon.status().isTransient());
  }

  private static List<List<URI>> uris(LocalEks eks) {
    return eks.nodes().stream().map(LocalEksNode::credentialUris).toList();
  }

  private static LocalEksPod pod(LocalEks eks) {
    if (eks.associations().find(ACCOUNT).isEmpty()) {
      eks.associations().create(ACCOUNT, ROLE);
    }
    return eks.startPod(ACCOUNT, "checkout-1");
  }

  private static int ask(LocalEksPod pod) throws IOException {
    return Http.get(pod.credentialsUri(), Files.readString(pod.tokenFile())).status();
  }
}
