package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.RoleArn;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an image of the agent holds, made of the JDK that the tests run on. */
@Tag("jdk-tools")
class ImageIT {
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");

  @TempDir private static Path folder = Path.of("");

  private static AgentImage image = new AgentImage(folder);

  @BeforeAll
  static void build() throws Exception {
    image = AgentImage.build(JDK, folder.resolve("image"));
  }

  @Test
  void loadsTheAgentFromTheArchive() throws Exception {
    var command = new ArrayList<>(image.command());
    command.add(2, "-Xlog:class+load:stdout");
    command.add("version");

    var result = NodeAgentJar.runCommand(command);

    assertThat(result.out().lines().filter(line -> line.contains("nodeagent.NodeAgent source")))
        .singleElement()
        .asString()
        .contains("shared objects file");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void answersAPodAndStops() throws Exception {
    try (var eks = LocalEks.start()) {
      eks.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/checkout"));
      String token = eks.cluster().projectedToken(eks.cluster().startPod(ACCOUNT, "checkout-1"));
      try (var agent = AskedAgent.start(image.command(), eks)) {
        assertThat(agent.ask(token)).contains("\"AccountId\":\"111122223333\"");
        assertThat(agent.stop()).isZero();
      }
    }
  }

  @Test
  void hasTheModulesOfALocalEksToo() throws Exception {
    var command = new ArrayList<>(image.command());
    command.addAll(List.of("local", "--demo"));

    var result = NodeAgentJar.runCommand(command);

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("assumed-role/my-role/eks-my-cluster-my-pod-");
  }

  @Test
  void hasNoSecretOfTheTrainingRunInIt() throws Exception {
    String archive = Files.readString(image.archive(), StandardCharsets.ISO_8859_1);

    assertThat(archive.contains("dev/podidentity/credential/TemporaryCredentials")).isTrue();
    assertThat(SecretScan.TOKEN.matcher(archive).find()).isFalse();
    assertThat(SecretScan.KEY.matcher(archive).find()).isFalse();
    assertThat(archive.contains("AKIA0TRAINING0RUN")).isFalse();
  }
}
