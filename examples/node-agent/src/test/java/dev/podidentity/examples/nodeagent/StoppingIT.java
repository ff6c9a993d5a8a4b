package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.podidentity.association.RoleArn;
import dev.podidentity.local.Fault;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How {@code server} ends, with a request under way that EKS Auth keeps waiting. */
@Tag("every-jdk")
class StoppingIT {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");

  private LocalEks eks = start();
  private int port;
  private int metricsPort;
  private String token = "";

  @BeforeEach
  void associate() throws IOException {
    eks.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/shop"));
    token = eks.cluster().projectedToken(eks.cluster().startPod(ACCOUNT, "checkout-1"));
    port = NodeAgentJar.freePort();
    metricsPort = NodeAgentJar.freePort();
  }

  @AfterEach
  void stop() {
    eks.close();
  }

  private static LocalEks start() {
    try {
      return LocalEks.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void answersWhatWasAskedBeforeItEndsAndAcceptsNoMore() throws Exception {
    try (var agent = start("--drain-timeout", "30s")) {
      var answer = askInVain(agent);
      agent.terminate();
      agent.until(() -> !RunningAgent.accepts(at()));
      eks.faults().clear();

      // The agent itself answers 503 where EKS Auth takes longer than clients wait.
      assertThat(answer.join().status()).isIn(200, 503);
      assertThat(PodRequests.member(answer.join(), "code")).isIn("", "CredentialsPendingException");
      assertThat(agent.exitCode()).isZero();
    }
  }

  @Test
  void waitsForNobodyWhoAsksNothing() throws Exception {
    try (var agent = start("--drain-timeout", "1h");
        var silent = new Socket(at().getAddress(), port);
        var slow = new Socket(at().getAddress(), port)) {
      slow.getOutputStream().write("GET /v1/creden".getBytes(StandardCharsets.US_ASCII));
      // Leaves a connection that is kept, in this process.
      agent.until(() -> PodRequests.credentials(uri(), token).status() == 200);
      agent.terminate();

      assertThat(agent.exitCode()).isZero();
      assertThat(silent.isConnected()).isTrue();
    }
  }

  @Test
  void answersNothingWhereItIsNotToWait() throws Exception {
    try (var agent = start("--drain-timeout", "0")) {
      var answer = askInVain(agent);
      agent.terminate();

      assertThat(agent.exitCode()).isZero();
      assertThat(answer.handle((response, failure) -> failure != null).join()).isTrue();
    }
  }

  @Test
  void endsAtOnceWithTheSecondSignal() throws Exception {
    var agent = start("--drain-timeout", "30s");
    var answer = askInVain(agent);
    agent.terminate();
    agent.until(() -> !RunningAgent.accepts(at()));
    agent.terminate();

    assertThat(agent.exitCode()).isEqualTo(128 + 15);
    assertThat(answer.handle((response, failure) -> failure != null).join()).isTrue();
  }

  @Test
  void endsInOrderOnSigintToo() throws Exception {
    assumeThat(ignoresSigint())
        .as("SIGINT is ignored by this process and all that it starts, as shells' jobs do")
        .isFalse();
    try (var agent = start("--drain-timeout", "30s")) {
      NodeAgentJar.runCommand(List.of("kill", "-INT", "" + agent.pid()));

      assertThat(agent.exitCode()).isZero();
    }
  }

  private static boolean ignoresSigint() throws IOException {
    String ignored = "SigIgn:";
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(ignored))
        .map(line -> new BigInteger(line.substring(ignored.length()).strip(), 16))
        .anyMatch(signals -> signals.testBit(1));
  }

  /** A request that has reached EKS Auth, which does not answer. */
  private CompletableFuture<PodRequests.Response> askInVain(RunningAgent agent) throws Exception {
    // The agent's first call takes its time: the next one waits for EKS Auth, and nothing else.
    agent.until(() -> PodRequests.credentials(uri(), token).status() == 200);
    String another = eks.cluster().projectedToken(eks.cluster().startPod(ACCOUNT, "checkout-2"));
    agent.until(() -> PodRequests.get(metrics()).status() == 200);
    eks.faults().switchOn(new Fault.Hang());
    var answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return PodRequests.send(uri() + "/v1/credentials", another);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            },
            task -> new Thread(task).start());
    agent.until(() -> PodRequests.metric(metrics(), "pod_identity_cache_waiters") > 0);
    return answer;
  }

  private RunningAgent start(String... flags) throws Exception {
    var all = new ArrayList<>(List.of("-c", "my-cluster", "-b", "127.0.0.1", "-p", "" + port));
    all.addAll(List.of("--probe-port", "0", "--metrics-address", "127.0.0.1"));
    all.addAll(List.of("--metrics-port", "" + metricsPort, "--endpoint", "" + eks.endpoint()));
    all.addAll(List.of(flags));
    var keys = List.of("AWS_ACCESS_KEY_ID=AKIA0LOCAL0NODE00000", "AWS_SECRET_ACCESS_KEY=local");
    return RunningAgent.start(keys, at(), all);
  }

  private InetSocketAddress at() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private String metrics() {
    return "http://127.0.0.1:" + metricsPort + "/metrics";
  }

  private String uri() {
    return "http://127.0.0.1:" + port;
  }
}
