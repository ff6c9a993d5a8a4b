package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.RoleArn;
import dev.podidentity.examples.stsissuer.StsStub;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The jar outside EKS: a cluster's keys, a file of associations and an STS, on loopback. */
class AssociationsIT {
  private static final ServiceAccountRef FIRST = new ServiceAccountRef("shop", "first");
  private static final ServiceAccountRef SECOND = new ServiceAccountRef("shop", "second");
  private static final RoleArn ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/my-role");

  @TempDir private Path folder = Path.of("");

  private Path file() {
    return folder.resolve("associations.jsonl");
  }

  private static List<String> flags(LocalEks eks, Path file) {
    var flags = new ArrayList<>(List.of("--associations", file.toString()));
    flags.addAll(List.of("--token-keys-url", eks.endpoint() + "/openid/v1/jwks"));
    flags.addAll(List.of("--token-issuer", eks.cluster().issuer()));
    return flags;
  }

  @Test
  void givesAPodTheRoleThatTheFileSays() throws Exception {
    try (var eks = LocalEks.start();
        var sts = StsStub.start();
        var associations = AssociationStore.builder(eks.associations().cluster()).file(file())) {
      associations.create(FIRST, ROLE);
      try (var agent =
          AgentProcess.start(
              Map.of("AWS_ENDPOINT_URL_STS", sts.endpoint().toString()), flags(eks, file()))) {
        String token = eks.cluster().projectedToken(eks.cluster().startPod(FIRST, "first-1"));

        assertThat(agent.ask(folder, token).accessKeyId()).isEqualTo("ASIA0LOCAL0CHAIN0000");
        assertThat(sts.calls())
            .singleElement()
            .asString()
            .contains("RoleArn=" + ROLE)
            .contains("kubernetes-service-account")
            .contains("signed by AKIA0LOCAL0NODE00000");
      }
    }
  }

  @Test
  void givesAPodItsRoleThoughTheSharedFilesAreBroken() throws Exception {
    Path broken = Files.writeString(folder.resolve("shared"), "[other]\naws_secret_acc");
    try (var eks = LocalEks.start();
        var sts = StsStub.start();
        var associations = AssociationStore.builder(eks.associations().cluster()).file(file())) {
      associations.create(FIRST, ROLE);
      try (var agent =
          AgentProcess.start(
              Map.of(
                  "AWS_ENDPOINT_URL_STS",
                  sts.endpoint().toString(),
                  "AWS_CONFIG_FILE",
                  broken.toString(),
                  "AWS_SHARED_CREDENTIALS_FILE",
                  broken.toString()),
              flags(eks, file()))) {
        String token = eks.cluster().projectedToken(eks.cluster().startPod(FIRST, "first-1"));

        assertThat(agent.ask(folder, token).accessKeyId()).isEqualTo("ASIA0LOCAL0CHAIN0000");
      }
    }
  }

  @Test
  void followsTheFile() throws Exception {
    try (var eks = LocalEks.start();
        var sts = StsStub.start();
        var associations = AssociationStore.builder(eks.associations().cluster()).file(file())) {
      associations.create(FIRST, ROLE);
      try (var agent =
          AgentProcess.start(
              Map.of("AWS_ENDPOINT_URL_STS", sts.endpoint().toString()), flags(eks, file()))) {
        String token = eks.cluster().projectedToken(eks.cluster().startPod(SECOND, "second-1"));
        assertThatThrownBy(() -> agent.ask(folder, token))
            .hasMessageContaining("The requested metadata is not found");

        associations.create(SECOND, ROLE);

        assertThat(askUntilThere(agent, token)).isEqualTo("ASIA0LOCAL0CHAIN0000");
      }
    }
  }

  private String askUntilThere(AgentProcess agent, String token) throws Exception {
    var never = new CountDownLatch(1);
    for (int i = 0; i < 100; i++) {
      try {
        return agent.ask(folder, token).accessKeyId();
      } catch (SdkClientException e) {
        assertThat(never.await(200, TimeUnit.MILLISECONDS)).isFalse();
      }
    }
    return "still nothing";
  }

  @Test
  void refusesATokenOfAnotherCluster() throws Exception {
    try (var eks = LocalEks.start();
        var others = LocalEks.start();
        var sts = StsStub.start();
        var associations = AssociationStore.builder(eks.associations().cluster()).file(file())) {
      associations.create(FIRST, ROLE);
      try (var agent =
          AgentProcess.start(
              Map.of("AWS_ENDPOINT_URL_STS", sts.endpoint().toString()), flags(eks, file()))) {
        String token = others.cluster().projectedToken(others.cluster().startPod(FIRST, "a-1"));

        assertThatThrownBy(() -> agent.ask(folder, token)).isInstanceOf(SdkClientException.class);
        agent.awaitLog("InvalidTokenException");
        assertThat(sts.calls()).isEmpty();
      }
    }
  }

  @Test
  void saysWhatItNeeds() throws Exception {
    Files.writeString(file(), "hello\n");
    String there = file().toString();

    assertThat(errorOf("--associations", there))
        .contains("--associations")
        .contains("--token-keys-url");
    assertThat(errorOf("--associations", there, "--endpoint", "http://127.0.0.1:1"))
        .contains("--endpoint");
    assertThat(errorOf("--associations", folder.resolve("none").toString())).contains("no file");
    assertThat(errorOf("--associations", there, "--session-duration", "5m"))
        .contains("--session-duration");
    var broken =
        NodeAgentJar.run(
            "server",
            "-c",
            "my-cluster",
            "--associations",
            there,
            "--token-keys-url",
            "http://127.0.0.1:1/keys",
            "--token-issuer",
            "me");
    assertThat(broken.exitCode()).as(broken.err()).isEqualTo(1);
    assertThat(broken.err().lines()).singleElement().asString().contains("associations.jsonl");
  }

  private static String errorOf(String... flags) {
    var arguments = new ArrayList<>(List.of("server", "-c", "my-cluster"));
    arguments.addAll(List.of(flags));
    var result = InProcess.run(arguments.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    return result.err();
  }
}
