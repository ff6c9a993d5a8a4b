package dev.podidentity.examples.nodeagent;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** The executable jar, run as a user runs it, on the JDK that the tests run on. */
final class NodeAgentJar {
  private static final int FIRST_PORT = 10_000;
  private static final int PORTS = 10_000;
  private static final int MAX_TRIES = 100;

  private NodeAgentJar() {}

  record Result(int exitCode, String out, String err) {}

  /** The start of the command line: {@code java -jar node-agent.jar}, made to start quickly. */
  static List<String> command() {
    var command = new ArrayList<>(ClassArchive.java());
    command.addAll(List.of("-jar", path()));
    return command;
  }

  /** The jar. */
  static String path() {
    return System.getProperty("node-agent.jar");
  }

  static Result run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(command());
    command.addAll(List.of(arguments));
    return runCommand(command);
  }

  static Result runCommand(List<String> command) throws IOException, InterruptedException {
    Process process = start(command);
    var err = CompletableFuture.supplyAsync(() -> read(process.errorReader()));
    String out = read(process.inputReader());
    var result = new Result(process.waitFor(), out, err.join());
    // Seen by the scan for secrets, with everything else that the tests print.
    System.out.println(command + " -> " + result);
    return result;
  }

  static Process start(List<String> command) throws IOException {
    var builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("AWS_"));
    environment.put("AWS_REGION", "us-west-2");
    return builder.start();
  }

  /**
   * A port of the loopback address that nobody listens on, below those that systems give to
   * clients: one of those could be taken again before the agent has it.
   */
  static int freePort() throws IOException {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // Somebody listens there.
      }
    }
    throw new IOException("no port from " + FIRST_PORT + " on is free");
  }

  private static String read(BufferedReader reader) {
    var text = new StringBuilder();
    reader.lines().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
