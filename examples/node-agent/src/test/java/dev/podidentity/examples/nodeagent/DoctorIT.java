package dev.podidentity.examples.nodeagent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The doctor of the jar, in pods of a local cluster that another process of the jar runs. */
class DoctorIT {
  private static final ServiceAccountRef ACCOUNT =
      new ServiceAccountRef("default", "my-service-account");

  private static @Nullable RunningLocal running;

  @TempDir private Path folder = Path.of(".");

  @BeforeAll
  static void startALocalCluster() throws IOException {
    running = RunningLocal.start();
  }

  @AfterAll
  static void stopIt() {
    local().close();
  }

  private static RunningLocal local() {
    return requireNonNull(running);
  }

  private NodeAgentJar.Result doctor(List<String> environment, String... arguments)
      throws Exception {
    // An environment without anything of the machine that the test runs on.
    var command = new ArrayList<>(List.of("env", "-i", "HOME=" + folder));
    command.addAll(environment);
    command.addAll(NodeAgentJar.command());
    // More time than the default, for machines that run much else.
    command.addAll(List.of("doctor", "--timeout", "30s"));
    command.addAll(List.of(arguments));
    var result = NodeAgentJar.runCommand(command);
    assertThat(result.out() + result.err()).doesNotContain("ASIA0LOCAL0").doesNotContain("canary");
    return result;
  }

  private static List<String> pod(Path tokenFile) {
    return pod(local().agent().toString(), tokenFile);
  }

  private static List<String> pod(String agent, Path tokenFile) {
    return List.of(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI=" + agent,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=" + tokenFile);
  }

  private Path tokenFile(String token) throws IOException {
    return Files.writeString(folder.resolve("token"), token);
  }

  @Test
  void findsNothingWrongWithAHealthyPod() throws Exception {
    var result = doctor(pod(local().tokenFile()));

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines()).allMatch(line -> line.startsWith("ok "));
    assertThat(result.out())
        .contains("token: The token file " + local().tokenFile())
        .contains("default/my-service-account for the pod my-pod")
        .contains("clock: ")
        .contains("credentials: The agent gives credentials of account 111122223333");
  }

  @Test
  void saysThatThePodHasNoAssociation() throws Exception {
    var result = doctor(pod(tokenFile(local().token("shop", "checkout", "checkout-1"))));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out().lines().toList())
        .last()
        .asString()
        .startsWith("error   no-association: ")
        .contains("shop/checkout")
        .contains(". To do: create one for this pod's namespace and service account");
  }

  @Test
  void saysThatTheTokenIsStale() throws Exception {
    var result = doctor(pod(tokenFile(tokenIssued(Duration.ofHours(20)))));
    assertThat(result.out()).contains("warning token-not-rotated: ");

    result = doctor(pod(tokenFile(tokenIssued(Duration.ofHours(25)))));
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("error   token-expired: ")
        .contains("To do: the kubelet")
        .doesNotContain("credentials: ");
  }

  private static String tokenIssued(Duration ago) {
    var cluster =
        LocalCluster.builder().clock(MovableClock.startingAt(Instant.now().minus(ago))).build();
    return cluster.projectedToken(cluster.startPod(ACCOUNT, "my-pod"));
  }

  @Test
  void saysThatTheTokenIsForSomebodyElse() throws Exception {
    String[] parts = Files.readString(local().tokenFile()).split("\\.", 3);
    String claims =
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
            .replace("pods.eks.amazonaws.com", "sts.amazonaws.com");
    String payload =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8));

    var result = doctor(pod(tokenFile(parts[0] + "." + payload + "." + parts[2])));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("error   token-wrong-audience: ");
  }

  @Test
  void saysThatTheAgentIsDown() throws Exception {
    String nobody = "http://127.0.0.1:" + NodeAgentJar.freePort() + "/v1/credentials";

    var result = doctor(pod(nobody, local().tokenFile()));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("error   connection-refused: ")
        .contains("kubectl get pods -n kube-system");
  }

  @Test
  void warnsOfAProxyAndExitsThree() throws Exception {
    var environment = new ArrayList<>(pod(local().tokenFile()));
    environment.add("HTTP_PROXY=http://user:canary@proxy.example:3128");

    var result = doctor(environment);

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out())
        .contains("warning proxy: HTTP_PROXY leads to proxy.example:3128")
        .contains("To do: add 127.0.0.1 to NO_PROXY");
  }

  @Test
  void printsJsonForMachines() throws Exception {
    var result = doctor(List.of(), "--json");

    assertThat(result.exitCode()).isEqualTo(1);
    JsonNode report = new JsonMapper().readTree(result.out());
    assertThat(report.path("worst").asText()).isEqualTo("error");
    assertThat(report.path("findings").path(0).path("code").asText()).isEqualTo("no-endpoint");
    assertThat(report.path("findings").path(0).path("remedy").asText()).contains("restart the pod");
  }

  @Test
  void examinesANode() throws Exception {
    int port = NodeAgentJar.freePort();
    int probePort = NodeAgentJar.freePort();
    var command = new ArrayList<>(List.of("env", "AWS_ACCESS_KEY_ID=AKIA0LOCAL0NODE00000"));
    command.add("AWS_SECRET_ACCESS_KEY=local-node");
    command.addAll(NodeAgentJar.command());
    command.addAll(List.of("server", "-c", "my-cluster", "-b", "127.0.0.1", "-p", "" + port));
    command.addAll(List.of("--probe-port", "" + probePort));
    command.addAll(List.of("--metrics-address", "127.0.0.1", "--metrics-port", "0"));
    String[] node = {"--node", "-b", "127.0.0.1", "-p", "" + port, "--probe-port", "" + probePort};
    Process server = NodeAgentJar.start(command);
    try {
      assertThat(server.errorReader().readLine()).contains("listening");
      var serving = doctor(List.of(), node);

      assertThat(serving.exitCode()).isZero();
      assertThat(serving.out())
          .contains("ok      address: An agent answers at http://127.0.0.1:" + port)
          .contains("/healthz is content")
          .contains("/readyz is content: ");
    } finally {
      server.destroy();
      assertThat(server.waitFor()).isZero();
    }
    var stopped = doctor(List.of(), node);

    assertThat(stopped.exitCode()).isEqualTo(1);
    assertThat(stopped.out()).contains("error   connection-refused: ", "error   no-probe: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-p 80", "-b 127.0.0.1", "--probe-port 1", "--timeout 0", "--node -p 0", "pod"})
  void takesNoCommandLineThatMakesNoSense(String arguments) {
    var result = InProcess.run(("doctor " + arguments).split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1);
  }
}
