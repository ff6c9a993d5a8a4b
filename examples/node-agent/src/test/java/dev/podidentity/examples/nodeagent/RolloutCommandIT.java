package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code rollout} prints, beside what kubectl prints. */
class RolloutCommandIT {
  private static final String ADDONS = "/clusters/my-cluster/addons";
  private static final String DAEMON_SET =
      "/apis/apps/v1/namespaces/kube-system/daemonsets/eks-pod-identity-agent";

  @Test
  void printsWhatKubectlPrints() throws Exception {
    try (var local = RunningLocal.start("--nodes", "3", "--agent-start-time", "500ms")) {
      local.post(ADDONS, "{\"addonName\":\"eks-pod-identity-agent\"}");

      assertThat(out(local, "status", "daemonset/eks-pod-identity-agent", "-n", "kube-system"))
          .endsWith("daemon set \"eks-pod-identity-agent\" successfully rolled out\n");
      assertThat(out(local, "restart"))
          .isEqualTo("daemonset.apps/eks-pod-identity-agent restarted\n");
      out(local, "status");
      local.post(DAEMON_SET + "/restart", "");
      local.post(DAEMON_SET + "/pause", "");
      assertThat(out(local, "status", "--watch=false"))
          .startsWith("Waiting for daemon set \"eks-pod-identity-agent\" rollout to finish: ")
          .endsWith(" out of 3 new pods have been updated...\n");
      assertThat(out(local, "resume")).isEqualTo("daemonset.apps/eks-pod-identity-agent resumed\n");
      assertThat(out(local, "status"))
          .endsWith("daemon set \"eks-pod-identity-agent\" successfully rolled out\n");
      assertThat(out(local, "pause")).isEqualTo("daemonset.apps/eks-pod-identity-agent paused\n");
      out(local, "resume");
      assertThat(out(local, "undo", "--to-revision", "1"))
          .isEqualTo("daemonset.apps/eks-pod-identity-agent rolled back\n");
      assertThat(out(local, "history"))
          .startsWith("daemonset.apps/eks-pod-identity-agent \nREVISION  CHANGE-CAUSE\n2         ")
          .contains("\n4         ");
      assertThat(out(local, "history", "--revision", "4"))
          .startsWith("daemonset.apps/eks-pod-identity-agent with revision #4\nPod Template:\n");
    }
  }

  @Test
  void saysWhatItCannotDo() throws Exception {
    try (var local = RunningLocal.start()) {
      assertThat(run(local, "status").err())
          .startsWith("status: ")
          .contains("create the add-on first");
      local.post(ADDONS, "{\"addonName\":\"eks-pod-identity-agent\"}");
      out(local, "status");

      assertThat(run(local, "resume").exitCode()).isEqualTo(1);
      assertThat(run(local, "undo").exitCode()).isEqualTo(1);
      assertThat(run(local, "history", "--revision", "9").err())
          .isEqualTo("history: unable to find the specified revision\n");
      assertThat(run(local, "status", "deployment/shop").exitCode()).isEqualTo(2);
      assertThat(run(local).exitCode()).isEqualTo(2);
    }
  }

  private static String out(RunningLocal local, String... arguments) throws Exception {
    var result = run(local, arguments);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result.out();
  }

  private static NodeAgentJar.Result run(RunningLocal local, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("rollout"));
    command.addAll(List.of(arguments));
    if (arguments.length > 0) {
      command.addAll(List.of("--endpoint", local.endpoint()));
    }
    return InProcess.run(command.toArray(String[]::new));
  }
}
