package dev.podidentity.examples.nodeagent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs {@code ip} of iproute2: each command is logged, each takes a bounded time. */
final class IpCommand {
  private static final Logger log = LoggerFactory.getLogger(IpCommand.class);
  private static final int TIMEOUT_SECONDS = 10;

  /**
   * What a command ended with.
   *
   * @param text what it printed, errors included
   */
  record Result(List<String> command, int exitCode, String text) {
    boolean succeeded() {
      return exitCode == 0;
    }

    /** The command and what it said, for a message. */
    String explained() {
      return "'" + String.join(" ", command) + "' failed: " + text.strip().replace('\n', ' ');
    }
  }

  /**
   * Runs {@code ip} with these arguments.
   *
   * @throws IOException if it cannot be run, or does not end in time
   */
  Result run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Process process = start(command);
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(
          "'" + String.join(" ", command) + "' did not end in " + TIMEOUT_SECONDS + " s");
    }
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var result = new Result(List.copyOf(command), process.exitValue(), text);
    log.atInfo()
        .addKeyValue("command", String.join(" ", command))
        .addKeyValue("exit_code", result.exitCode())
        .log("Ran a command");
    return result;
  }

  private static Process start(List<String> command) throws IOException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(
          "'ip' cannot be run (" + e.getMessage() + "): install iproute2 on this node", e);
    }
  }
}
