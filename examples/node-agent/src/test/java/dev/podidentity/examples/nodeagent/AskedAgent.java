package dev.podidentity.examples.nodeagent;

import dev.podidentity.server.local.LocalEks;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** {@code server} as a process of its own, in front of a local EKS of this one. */
final class AskedAgent implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final long PAUSE_NANOS = 1_000_000;

  private final Process process;
  private final int port;
  private final CompletableFuture<Long> listening = new CompletableFuture<>();

  private AskedAgent(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one and does not wait.
   *
   * @param command how the node agent is started
   * @param flags flags of {@code server} beside those that name addresses and the cluster
   */
  static AskedAgent start(List<String> command, LocalEks eks, String... flags) throws IOException {
    int port = NodeAgentJar.freePort();
    var line = new ArrayList<>(List.of("env", "AWS_ACCESS_KEY_ID=AKIA0LOCAL0NODE00000"));
    line.add("AWS_SECRET_ACCESS_KEY=local-node");
    line.addAll(command);
    line.addAll(List.of("server", "-c", eks.cluster().name(), "-b", "127.0.0.1", "-p", "" + port));
    line.addAll(
        List.of(
            "--endpoint", eks.endpoint().toString(), "--probe-port", "" + NodeAgentJar.freePort()));
    line.addAll(
        List.of("--metrics-address", "127.0.0.1", "--metrics-port", "" + NodeAgentJar.freePort()));
    line.addAll(List.of(flags));
    var agent = new AskedAgent(NodeAgentJar.start(line), port);
    var reader = new Thread(agent::drain, "agent-log");
    reader.setDaemon(true);
    reader.start();
    return agent;
  }

  /** Where pods ask. */
  URI uri() {
    return URI.create("http://127.0.0.1:" + port + "/v1/credentials");
  }

  /** Asks as soon as somebody listens, and returns the whole answer. */
  String ask(String token) throws IOException {
    while (true) {
      try {
        return askOnce(token);
      } catch (SocketException e) {
        // The agent tries its address with a socket of its own before it serves there.
        if (!process.isAlive()) {
          throw e;
        }
      }
    }
  }

  private String askOnce(String token) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String request =
          "GET /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
              + ("Authorization: " + token + "\r\n\r\n");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream answer = socket.getInputStream();
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Socket connect() throws IOException {
    while (true) {
      var socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
      } catch (SocketException e) {
        socket.close();
        if (!process.isAlive()) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** The {@link System#nanoTime} at which it said that it listens on all its addresses. */
  long awaitListening() {
    return listening.join();
  }

  /** Its resident memory in MiB, as the kernel counts it. */
  double residentMebibytes() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
            .filter(each -> each.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
  }

  /** The processor time that it has used. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Stops it and returns its exit code. */
  int stop() throws InterruptedException {
    // Process.destroy would close the log under its reader.
    process.toHandle().destroy();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.toHandle().destroyForcibly();
  }

  // Somebody has to go on reading, or the agent would wait for room to log in.
  private void drain() {
    process
        .errorReader()
        .lines()
        .filter(line -> line.contains("The agent is listening"))
        .forEach(line -> listening.complete(System.nanoTime()));
    listening.completeExceptionally(new IllegalStateException("the agent has ended"));
  }
}
