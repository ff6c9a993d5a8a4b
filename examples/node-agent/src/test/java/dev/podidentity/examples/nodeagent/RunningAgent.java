package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** {@code node-agent.jar server} in a process of its own, with its log. */
final class RunningAgent implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> reading;

  private RunningAgent(Process process) {
    this.process = process;
    this.reading = CompletableFuture.runAsync(this::readLog);
  }

  private void readLog() {
    try (BufferedReader err = process.errorReader()) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        log.add(line);
        // Seen by the scan for secrets, with everything else that the tests print.
        System.out.println(line);
      }
    } catch (IOException e) {
      // The process was killed.
      return;
    }
  }

  /**
   * Starts it and waits until it accepts connections.
   *
   * @param environment variables for it, each {@code NAME=value}
   * @param at one of its addresses, with the port
   */
  static RunningAgent start(List<String> environment, InetSocketAddress at, List<String> flags)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("env"));
    command.addAll(environment);
    command.addAll(NodeAgentJar.command());
    command.add("server");
    command.addAll(flags);
    var agent = new RunningAgent(NodeAgentJar.start(command));
    agent.until(() -> accepts(at));
    return agent;
  }

  interface Condition {
    boolean holds() throws IOException;
  }

  /** Waits for something that comes about while the agent runs; a failure to ask is a no. */
  void until(Condition condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds(condition)) {
      assertThat(System.nanoTime() - deadline).describedAs("time is up: %s", log).isNegative();
      // Returns early if the agent ends, which it must not.
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).describedAs("%s", log).isFalse();
    }
  }

  private static boolean holds(Condition condition) {
    try {
      return condition.holds();
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits while it runs; fails if it ends. */
  void staysUpFor(int seconds) throws InterruptedException {
    assertThat(process.waitFor(seconds, TimeUnit.SECONDS)).describedAs("%s", log).isFalse();
  }

  static boolean accepts(InetSocketAddress address) {
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits for a line of the log that holds a text, and returns the first one. */
  String awaitLog(String text) throws InterruptedException {
    until(() -> line(text).isPresent());
    return line(text).orElseThrow();
  }

  private Optional<String> line(String text) {
    return log.stream().filter(line -> line.contains(text)).findFirst();
  }

  /** What it has logged until now. */
  String log() {
    return String.join("\n", log);
  }

  long pid() {
    return process.pid();
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Waits for its end, and for the end of its log. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).describedAs(log()).isTrue();
    reading.join();
    return process.exitValue();
  }

  /** Stops it, and holds it to the exit code of an orderly end. */
  @Override
  public void close() {
    try {
      terminate();
      assertThat(exitCode()).describedAs(log()).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
