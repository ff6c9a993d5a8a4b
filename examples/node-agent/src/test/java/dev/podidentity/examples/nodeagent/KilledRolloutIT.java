package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A local EKS that is killed in the middle of a rollout, and started again on its data folder. */
class KilledRolloutIT {
  private static final String ADDONS = "/clusters/my-cluster/addons";
  private static final String ADDON = ADDONS + "/eks-pod-identity-agent";
  private static final String DAEMON_SET =
      "/apis/apps/v1/namespaces/kube-system/daemonsets/eks-pod-identity-agent";
  private static final String IPV4_ONLY =
      "{\\\"agent\\\":{\\\"additionalArgs\\\":{\\\"-b\\\":\\\"169.254.170.23\\\"}}}";
  private static final String NO_NODE_HAS_IT =
      "{\\\"agent\\\":{\\\"additionalArgs\\\":{\\\"-b\\\":\\\"169.254.170.99\\\"}}}";

  @TempDir private Path folder = Path.of("");

  @Test
  void isEndedByTheNextStart() throws Exception {
    String update;
    RunningLocal first = start("20");
    try (first) {
      create(first);
      update = update(first, IPV4_ONLY);
      first.until(DAEMON_SET, set -> updated(set) >= 5);
      assertThat(updated(first.get(DAEMON_SET))).isLessThan(20);
      first.kill();
    }

    try (var second = start("20")) {
      JsonNode ended = second.until(path(update), one -> !isInProgress(one));

      assertThat(ended.at("/update/status").asText()).isEqualTo("Successful");
      assertThat(updated(second.get(DAEMON_SET))).isEqualTo(20);
      assertThat(second.get(ADDON).at("/addon/configurationValues").asText())
          .contains("169.254.170.23");
      assertThat(second.get(ADDON).at("/addon/tags/team").asText()).isEqualTo("shop");
      assertThat(associations(second)).isEqualTo(1);
    }
  }

  @Test
  void isUndoneByTheNextStartIfItCannotEnd() throws Exception {
    String update;
    try (var first = start("3")) {
      create(first);
      update = update(first, NO_NODE_HAS_IT);
      first.until(
          DAEMON_SET, set -> set.at("/status/conditions/0/failures").toString().contains("170.99"));
      assertThat(isInProgress(first.get(path(update)))).isTrue();
      first.kill();
    }

    try (var second = start("3")) {
      JsonNode ended = second.until(path(update), one -> !isInProgress(one));

      assertThat(ended.at("/update/status").asText()).isEqualTo("Failed");
      assertThat(ended.at("/update/errors/0/errorMessage").asText())
          .contains("Cannot listen on 169.254.170.99", "undone");
      second.until(DAEMON_SET, KilledRolloutIT::isComplete);
      assertThat(second.get(ADDON).at("/addon").has("configurationValues")).isFalse();
      assertThat(second.get("/clusters/my-cluster/updates?addonName=eks-pod-identity-agent"))
          .hasToString("{\"updateIds\":[\"" + update + "\"]}");
    }
  }

  private RunningLocal start(String nodes) throws Exception {
    return RunningLocal.start(
        "--data-dir", folder.toString(), "--nodes", nodes, "--agent-start-time", "300ms");
  }

  private static void create(RunningLocal local) throws Exception {
    local.post(ADDONS, "{\"addonName\":\"eks-pod-identity-agent\",\"tags\":{\"team\":\"shop\"}}");
    local.until(ADDON, addon -> addon.at("/addon/status").asText().equals("ACTIVE"));
  }

  private static String update(RunningLocal local, String values) {
    return local
        .post(ADDON + "/update", "{\"configurationValues\":\"" + values + "\"}")
        .at("/update/id")
        .asText();
  }

  private static String path(String update) {
    return "/clusters/my-cluster/updates/" + update + "?addonName=eks-pod-identity-agent";
  }

  private static boolean isInProgress(JsonNode update) {
    return update.at("/update/status").asText().equals("InProgress");
  }

  private static boolean isComplete(JsonNode set) {
    return set.at("/status/conditions/0/status").asText().equals("True");
  }

  private static int updated(JsonNode set) {
    return set.at("/status/updatedNumberScheduled").asInt();
  }

  private static int associations(RunningLocal local) {
    return local.get("/clusters/my-cluster/pod-identity-associations").at("/associations").size();
  }
}
