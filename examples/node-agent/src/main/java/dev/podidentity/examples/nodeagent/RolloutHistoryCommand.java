package dev.podidentity.examples.nodeagent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the revisions of the agents, or shows one of them. */
@Command(name = "history", description = "View rollout history.", mixinStandardHelpOptions = true)
final class RolloutHistoryCommand implements Callable<Integer> {
  private static final String CAUSE = "kubernetes.io/change-cause";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RolloutTarget target = new RolloutTarget();

  @Option(
      names = "--revision",
      paramLabel = "N",
      defaultValue = "0",
      description = "Show this revision alone, with what its agents are given.")
  private int revision;

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode revisions = target.revisions();
    PrintWriter out = spec.commandLine().getOut();
    if (revision == 0) {
      list(out, revisions);
    } else {
      show(out, revisions);
    }
    out.flush();
    return ExitCode.OK;
  }

  private static void list(PrintWriter out, JsonNode revisions) {
    out.println("daemonset.apps/" + RolloutTarget.NAME + " ");
    out.println("REVISION  CHANGE-CAUSE");
    for (JsonNode one : revisions) {
      String cause = one.path("metadata").path("annotations").path(CAUSE).asText("<none>");
      out.printf("%-8d  %s%n", one.path("revision").asInt(), cause);
    }
    out.println();
  }

  private void show(PrintWriter out, JsonNode revisions) throws IOException {
    JsonNode data =
        StreamSupport.stream(revisions.spliterator(), false)
            .filter(one -> one.path("revision").asInt() == revision)
            .findFirst()
            .orElseThrow(() -> new IOException("unable to find the specified revision"))
            .path("data");
    out.println("daemonset.apps/" + RolloutTarget.NAME + " with revision #" + revision);
    out.println("Pod Template:");
    out.println("  Version:  " + data.path("addonVersion").asText());
    out.println("  Args:");
    data.path("additionalArgs")
        .properties()
        .forEach(flag -> out.println("    " + flag.getKey() + "=" + flag.getValue().asText()));
    out.println();
  }
}
