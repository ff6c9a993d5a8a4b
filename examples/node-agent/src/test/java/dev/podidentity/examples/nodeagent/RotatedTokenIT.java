package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.RoleArn;
import dev.podidentity.kubernetes.FakeApiServer;
import dev.podidentity.local.LocalPod;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar, an EKS Auth and an API server on loopback, and a pod whose token is rotated. */
class RotatedTokenIT {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");

  @TempDir private Path folder = Path.of("");

  private LocalPod startPod(LocalEks eks) {
    eks.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/checkout"));
    return eks.cluster().startPod(ACCOUNT, "checkout-1");
  }

  private List<String> flags(LocalEks eks, String... more) {
    var flags = new ArrayList<>(List.of("--endpoint", eks.endpoint().toString()));
    flags.addAll(List.of("--service-account-dir", folder.toString()));
    flags.addAll(List.of(more));
    return flags;
  }

  private static long exchanges(LocalEks eks) {
    return eks.calls().stream()
        .filter(call -> call.operation().equals("AssumeRoleForPodIdentity"))
        .count();
  }

  @Test
  void keepsItsCredentialsWithoutEksAuth() throws Exception {
    try (var eks = LocalEks.start();
        var api = FakeApiServer.start(eks.cluster(), folder);
        var agent = AgentProcess.start(api.environment(), flags(eks))) {
      LocalPod pod = startPod(eks);
      String before = agent.ask(folder, eks.cluster().projectedToken(pod)).accessKeyId();
      long exchanges = exchanges(eks);

      String after = agent.ask(folder, eks.cluster().projectedToken(pod)).accessKeyId();

      assertThat(after).isEqualTo(before);
      assertThat(exchanges(eks)).isEqualTo(exchanges);
      assertThat(api.asked()).isPositive();
    }
  }

  @Test
  void goesToEksAuthWhereTheKeysCannotBeHad() throws Exception {
    try (var eks = LocalEks.start();
        var api = FakeApiServer.start(eks.cluster(), folder);
        var agent = AgentProcess.start(api.environment(), flags(eks))) {
      api.behave(out -> FakeApiServer.answer(out, 500, "", ""));
      LocalPod pod = startPod(eks);
      agent.ask(folder, eks.cluster().projectedToken(pod));
      long exchanges = exchanges(eks);

      agent.ask(folder, eks.cluster().projectedToken(pod));

      assertThat(exchanges(eks)).isGreaterThan(exchanges);
    }
  }

  @Test
  void takesTheKeysFromAUrlAndKeepsThemInAFile() throws Exception {
    Path kept = folder.resolve("keys");
    try (var eks = LocalEks.start();
        var api = FakeApiServer.start(eks.cluster(), folder);
        var agent = AgentProcess.start(Map.of(), flags(eks, keys(eks, api, kept)))) {
      api.open();
      LocalPod pod = startPod(eks);
      agent.ask(folder, eks.cluster().projectedToken(pod));
      long exchanges = exchanges(eks);

      agent.ask(folder, eks.cluster().projectedToken(pod));

      assertThat(exchanges(eks)).isEqualTo(exchanges);
      assertThat(kept).content().contains("\"keys\"");
    }
  }

  private String[] keys(LocalEks eks, FakeApiServer api, Path kept) {
    return new String[] {
      "--token-verification=on",
      "--token-keys-url=" + api.keys(),
      "--token-keys-ca-file=" + folder.resolve("ca.crt"),
      "--token-keys-file=" + kept,
      "--token-issuer=" + eks.cluster().issuer()
    };
  }

  @Test
  void isNotVerifiedOutsideACluster() throws Exception {
    try (var eks = LocalEks.start();
        var agent = AgentProcess.start(Map.of(), flags(eks))) {
      LocalPod pod = startPod(eks);
      agent.ask(folder, eks.cluster().projectedToken(pod));
      long exchanges = exchanges(eks);

      agent.ask(folder, eks.cluster().projectedToken(pod));

      assertThat(exchanges(eks)).isGreaterThan(exchanges);
    }
  }
}
