package dev.podidentity.examples.nodeagent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;

/** A {@code server} that runs as a process of its own, from the jar, on loopback. */
final class AgentProcess implements AutoCloseable {
  private final RunningAgent agent;
  private final int port;

  private AgentProcess(RunningAgent agent, int port) {
    this.agent = agent;
    this.port = port;
  }

  /**
   * Starts the agent of {@code my-cluster}, with AWS keys of its own, and waits until it serves.
   */
  static AgentProcess start(Map<String, String> environment, List<String> flags)
      throws IOException, InterruptedException {
    int port = NodeAgentJar.freePort();
    var variables = new ArrayList<>(List.of("AWS_ACCESS_KEY_ID=AKIA0LOCAL0NODE00000"));
    variables.add("AWS_SECRET_ACCESS_KEY=local-node");
    // No test leaves this machine.
    if (!environment.containsKey("AWS_EC2_METADATA_SERVICE_ENDPOINT")) {
      variables.add("AWS_EC2_METADATA_DISABLED=true");
    }
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    var all = new ArrayList<>(List.of("-c", "my-cluster", "-b", "127.0.0.1", "-p", "" + port));
    all.addAll(List.of("--probe-port", "0", "--metrics-port", "0"));
    all.addAll(flags);
    var at = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var agent = new AgentProcess(RunningAgent.start(variables, at, all), port);
    agent.awaitLog("The agent is listening");
    return agent;
  }

  /** Waits for a line of the log that holds a text, and returns the first one. */
  String awaitLog(String text) throws InterruptedException {
    return agent.awaitLog(text);
  }

  /** The lines that it has logged until now. */
  List<String> log() {
    return agent.log().lines().toList();
  }

  /** What the AWS SDK's own provider gets in a pod with this token. */
  AwsCredentials ask(Path folder, String token) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "token", ""), token);
    String uri = URI.create("http://127.0.0.1:" + port + "/v1/credentials").toString();
    System.setProperty(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property(), uri);
    System.setProperty(
        SdkSystemSetting.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.property(), file.toString());
    try (var provider = ContainerCredentialsProvider.create()) {
      return provider.resolveCredentials();
    } finally {
      System.clearProperty(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property());
      System.clearProperty(SdkSystemSetting.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.property());
    }
  }

  @Override
  public void close() {
    agent.close();
  }
}
