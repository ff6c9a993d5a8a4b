package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.RoleArn;
import dev.podidentity.kubernetes.FakeApiServer;
import dev.podidentity.local.LocalPod;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar and an API server whose list of a node's pods is what a test says. */
class PodLivenessIT {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  private static final String JSON = "Content-Type: application/json\r\n";

  @TempDir private Path folder = Path.of("");

  private static String podOf(LocalPod pod) {
    return """
    {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"shop","name":"%s","uid":"%s",\
    "resourceVersion":"7"},"spec":{"nodeName":"node-1"},"status":{"phase":"Running"}}\
    """
        .formatted(pod.pod().name(), pod.pod().uid());
  }

  private static void serve(FakeApiServer api, String pods) {
    String list =
        """
        {"apiVersion":"v1","kind":"PodList","metadata":{"resourceVersion":"7"},"items":[%s]}\
        """
            .formatted(pods);
    var ended = new CountDownLatch(1);
    // A watch in which nothing happens. The client asks for a WebSocket first.
    api.serve("Upgrade: websocket", out -> FakeApiServer.answer(out, 200, JSON, ""));
    api.serve(
        "watch=true",
        out -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
          out.flush();
          try {
            ended.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    api.serve("GET /api/v1/pods?", out -> FakeApiServer.answer(out, 200, JSON, list));
  }

  private AgentProcess start(LocalEks eks, FakeApiServer api) throws Exception {
    return start(eks, api, "Watching this node's pods", "-v", "debug");
  }

  private AgentProcess start(LocalEks eks, FakeApiServer api, String begun, String... flags)
      throws Exception {
    var all =
        new ArrayList<>(
            List.of(
                "--endpoint",
                eks.endpoint().toString(),
                "--service-account-dir",
                folder.toString(),
                "--pod-liveness",
                "--node-name",
                "node-1",
                "--max-credential-retention-before-renewal",
                "2s"));
    all.addAll(List.of(flags));
    AgentProcess agent = AgentProcess.start(api.environment(), all);
    agent.awaitLog(begun);
    return agent;
  }

  private static LocalPod startPod(LocalEks eks) {
    eks.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/checkout"));
    return eks.cluster().startPod(ACCOUNT, "checkout-1");
  }

  @Test
  void doesNotRenewForAPodThatIsGone() throws Exception {
    try (var eks = LocalEks.start();
        var api = FakeApiServer.start(eks.cluster(), folder)) {
      serve(api, "");
      LocalPod pod = startPod(eks);
      try (var agent = start(eks, api)) {
        agent.ask(folder, eks.cluster().projectedToken(pod));

        assertThat(agent.awaitLog("Credentials left the cache")).contains("POD_GONE");
      }
    }
  }

  @Test
  void renewsForAPodThatIsThere() throws Exception {
    try (var eks = LocalEks.start();
        var api = FakeApiServer.start(eks.cluster(), folder)) {
      LocalPod pod = startPod(eks);
      serve(api, podOf(pod));
      try (var agent = start(eks, api)) {
        agent.ask(folder, eks.cluster().projectedToken(pod));

        assertThat(renewed(eks)).isTrue();
      }
    }
  }

  @Test
  void namesTheCauseOnceWhereTheApiServerRefusesIt() throws Exception {
    try (var eks = LocalEks.start();
        var api = FakeApiServer.start(eks.cluster(), folder)) {
      var refused = new CountDownLatch(4);
      api.serve(
          "GET /api/v1/pods?",
          out -> {
            FakeApiServer.answer(out, 403, JSON, "");
            refused.countDown();
          });
      try (var agent = start(eks, api, "This node's pods cannot be watched")) {
        assertThat(refused.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(agent.log())
            .filteredOn(line -> line.contains("pods"))
            .singleElement()
            .asString()
            .contains("The API server answers 403", "get, list and watch pods");
        assertThat(agent.log()).noneMatch(line -> line.contains("io.fabric8"));
      }
    }
  }

  @Test
  void loadsNothingOfTheKubernetesClientWhereItIsOff() throws Exception {
    Path classes = folder.resolve("classes");
    try (var eks = LocalEks.start();
        var agent =
            AgentProcess.start(
                Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes),
                List.of("--endpoint", eks.endpoint().toString()))) {
      LocalPod pod = startPod(eks);
      agent.ask(folder, eks.cluster().projectedToken(pod));

      assertThat(Files.readString(classes))
          .contains("dev.podidentity.examples.nodeagent.NodeDaemon")
          .doesNotContain("io.fabric8");
    }
  }

  private static boolean renewed(LocalEks eks) throws InterruptedException {
    var never = new CountDownLatch(1);
    for (int i = 0; i < 200; i++) {
      long exchanges =
          eks.calls().stream()
              .filter(call -> call.operation().equals("AssumeRoleForPodIdentity"))
              .count();
      if (exchanges > 1) {
        return true;
      }
      assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
    return false;
  }
}
