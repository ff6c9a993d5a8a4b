package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;

/** A {@code server} that runs as a process of its own, from the jar, on loopback. */
final class AgentProcess implements AutoCloseable {
  private static final int MAX_LINES = 1_000;

  private final Process process;
  private final BufferedReader log;
  private final int port;

  /** What was read while another line was waited for. */
  private final List<String> passedOver = new ArrayList<>();

  private AgentProcess(Process process, int port) {
    this.process = process;
    this.log = process.errorReader();
    this.port = port;
  }

  /**
   * Starts the agent of {@code my-cluster}, with AWS keys of its own, and waits until it serves.
   */
  static AgentProcess start(Map<String, String> environment, List<String> flags)
      throws IOException {
    int port = freePort();
    var command = new ArrayList<>(List.of("env", "AWS_ACCESS_KEY_ID=AKIA0LOCAL0NODE00000"));
    command.add("AWS_SECRET_ACCESS_KEY=local-node");
    // No test leaves this machine.
    if (!environment.containsKey("AWS_EC2_METADATA_SERVICE_ENDPOINT")) {
      command.add("AWS_EC2_METADATA_DISABLED=true");
    }
    environment.forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(NodeAgentJar.command());
    command.addAll(List.of("server", "-c", "my-cluster", "-b", "127.0.0.1", "-p", "" + port));
    command.addAll(List.of("--probe-port", "0", "--metrics-port", "0"));
    command.addAll(flags);
    var agent = new AgentProcess(NodeAgentJar.start(command), port);
    agent.awaitLog("The agent is listening");
    return agent;
  }

  /** Waits for a line of the log that holds a text, among those that nobody has waited for yet. */
  String awaitLog(String text) throws IOException {
    for (int i = 0; i < passedOver.size(); i++) {
      if (passedOver.get(i).contains(text)) {
        return passedOver.remove(i);
      }
    }
    for (int i = 0; i < MAX_LINES; i++) {
      @Nullable String line = log.readLine();
      assertThat(line).as("a line with '%s' behind %s", text, passedOver).isNotNull();
      // Seen by the scan for secrets, with everything else that the tests print.
      System.out.println(line);
      if (line != null && line.contains(text)) {
        return line;
      }
      passedOver.add(String.valueOf(line));
    }
    throw new AssertionError("no line with '" + text + "' in " + passedOver);
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

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  // Through its handle: the process itself would close the log with it.
  @Override
  public void close() {
    process.toHandle().destroy();
    log.lines().forEach(System.out::println);
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
