package dev.podidentity.examples.nodeagent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says how far the rollout is, and again whenever it has come further, until it is complete. */
@Command(
    name = "status",
    description = "Show the status of the rollout.",
    mixinStandardHelpOptions = true)
final class RolloutStatusCommand implements Callable<Integer> {
  private static final long PAUSE_MILLIS = 100;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RolloutTarget target = new RolloutTarget();

  @Option(
      names = {"-w", "--watch"},
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Follow the rollout until it is complete (default: ${DEFAULT-VALUE}).")
  private boolean watch;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "10m",
      description = "How long to follow it (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ZERO;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    long end = System.nanoTime() + timeout.toNanos();
    String printed = "";
    while (true) {
      JsonNode status = target.daemonSet().at("/status/conditions/0");
      String message = status.path("message").asText();
      if (!message.equals(printed)) {
        out.println(message);
        out.flush();
        printed = message;
      }
      if (!watch || status.path("status").asText().equals("True")) {
        return ExitCode.OK;
      }
      if (System.nanoTime() > end) {
        throw new IOException("timed out waiting for the condition");
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }
}
