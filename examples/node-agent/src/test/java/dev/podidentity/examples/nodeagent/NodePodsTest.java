package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.token.PodRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class NodePodsTest {
  private static final String NODE = "node-1";

  @SuppressWarnings("NullAway.Init") // the extension sets them
  private KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  private @Nullable NodePods watched;

  private NodePods pods() {
    if (watched == null) {
      watched = NodePods.watch(client, NODE, new WatchReport(Clock.systemUTC()));
    }
    return watched;
  }

  private void watch() {
    await(pods()::isKnown);
  }

  @AfterEach
  void close() {
    pods().close();
  }

  static void await(BooleanSupplier condition) {
    var never = new CountDownLatch(1);
    try {
      for (int i = 0; i < 6_000 && !condition.getAsBoolean(); i++) {
        assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  /** Makes a pod whose UID the API server chooses. */
  private PodRef start(String name, String node, String phase) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withNodeName(node)
            .endSpec()
            .withNewStatus()
            .withPhase(phase)
            .endStatus()
            .build();
    Pod made = client.pods().inNamespace("shop").resource(pod).create();
    return new PodRef(name, made.getMetadata().getUid());
  }

  private boolean mayBePresent(PodRef pod) {
    return pods().mayBePresent("shop", pod);
  }

  @Test
  void knowsThePodsThatAreThere() {
    PodRef before = start("before", NODE, "Running");
    watch();
    PodRef after = start("after", NODE, "Running");

    assertThat(mayBePresent(before)).isTrue();
    assertThat(mayBePresent(after)).isTrue();
  }

  @Test
  void seesAPodGo() {
    PodRef pod = start("checkout", NODE, "Running");
    watch();

    client.pods().inNamespace("shop").withName("checkout").delete();

    await(() -> !mayBePresent(pod));
  }

  @Test
  void tellsAPodFromItsSuccessorOfTheSameName() {
    PodRef first = start("checkout", NODE, "Running");
    watch();
    client.pods().inNamespace("shop").withName("checkout").delete();
    PodRef second = start("checkout", NODE, "Running");

    await(() -> !mayBePresent(first));
    assertThat(mayBePresent(second)).isTrue();
  }

  @Test
  void countsAPodThatHasEndedAsGone() {
    PodRef pod = start("job", NODE, "Succeeded");
    watch();

    assertThat(mayBePresent(pod)).isFalse();
  }

  @Test
  void asksForAPodThatTheWatchDoesNotShow() {
    watch();
    PodRef elsewhere = start("elsewhere", "node-2", "Running");

    assertThat(mayBePresent(elsewhere)).isTrue();
    assertThat(mayBePresent(new PodRef("elsewhere", "another-uid"))).isFalse();
    assertThat(mayBePresent(new PodRef("never", "made"))).isFalse();
  }

  @Test
  void takesAllPodsForPresentWhileTheApiServerIsAway() {
    PodRef pod = start("checkout", NODE, "Running");
    watch();
    client.pods().inNamespace("shop").withName("checkout").delete();
    await(() -> !mayBePresent(pod));

    server.shutdown();

    assertThat(mayBePresent(pod)).isTrue();
  }

  @Test
  void takesAllPodsForPresentBeforeItKnowsAny() {
    server.shutdown();

    assertThat(pods().isKnown()).isFalse();
    assertThat(mayBePresent(new PodRef("never", "made"))).isTrue();
  }
}
