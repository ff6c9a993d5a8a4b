package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One {@code server} with all the flags that do not get into each other's way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlagsIT {
  private final AgentUnderTest agent;

  FlagsIT() throws IOException, InterruptedException {
    agent =
        AgentUnderTest.start(
            "-b",
            "127.0.0.2",
            "--log-format",
            "text",
            "--metrics-address",
            "127.0.0.3",
            "--debug-entries=true");
  }

  @BeforeAll
  void givesAPodItsCredentials() throws IOException, InterruptedException {
    agent.process().awaitLog("The agent is listening");
    agent.keyId(agent.newToken());
  }

  @AfterAll
  void endsInOrder() {
    agent.close();
  }

  @Test
  void asksTheEndpointForTheClusterAndSignsWithTheKeysOfTheEnvironment() {
    // It knows no cluster of another name.
    assertThat(agent.calls())
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.accessKeyId()).contains(AgentUnderTest.KEY_OF_NODE));
  }

  @Test
  void listensOnEachAddressAtThePortAndNowhereElse() throws IOException {
    String second = "http://127.0.0.2:" + agent.port();

    assertThat(agent.keyId(agent.newToken())).isNotEmpty();
    assertThat(AgentUnderTest.keyId(second, agent.newToken())).isNotEmpty();
    assertThat(RunningAgent.accepts(new InetSocketAddress("127.0.0.4", agent.port()))).isFalse();
  }

  @Test
  void answersProbesAndShowsEntriesOnTheProbePort() throws IOException {
    assertThat(PodRequests.get(agent.probe("/healthz")).status()).isEqualTo(200);
    assertThat(PodRequests.get(agent.probe("/readyz")).status()).isEqualTo(200);
    assertThat(PodRequests.get(agent.probe("/debug/entries")).body()).contains("checkout");
  }

  @Test
  void showsMetricsAndProbesOnTheAddressOfMetricsAlone() throws IOException {
    String metrics = "http://127.0.0.3:" + agent.metricsPort();

    assertThat(PodRequests.get(metrics + "/metrics").body()).contains("pod_identity_cache_state");
    assertThat(PodRequests.get(metrics + "/healthz").status()).isEqualTo(200);
    var elsewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), agent.metricsPort());
    assertThat(RunningAgent.accepts(elsewhere)).isFalse();
  }

  @Test
  void logsForPeople() {
    assertThat(agent.process().log()).contains(" INFO  NodeDaemon - The agent is listening");
  }

  @Test
  void keepsCredentialsByDefault() throws IOException {
    String token = agent.newToken();

    assertThat(agent.keyId(token)).isEqualTo(agent.keyId(token));
  }
}
