package dev.podidentity.examples.nodeagent;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Follows and steers the rollout of a local EKS' agents, with the words of {@code kubectl rollout}.
 */
@Command(
    name = "rollout",
    description = "Follows and steers the rollout of the agents of a running local EKS.",
    commandListHeading = "%nCommands:%n",
    mixinStandardHelpOptions = true,
    subcommands = {RolloutStatusCommand.class, RolloutHistoryCommand.class})
final class RolloutCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "names no command: see " + spec.qualifiedName() + " --help");
  }

  @Command(name = "undo", description = "Undo a previous rollout.", mixinStandardHelpOptions = true)
  void undo(
      @Mixin RolloutTarget target,
      @Option(
              names = "--to-revision",
              paramLabel = "N",
              defaultValue = "0",
              description = "The revision to go back to; 0 for the one before the last.")
          int revision)
      throws IOException, InterruptedException {
    target.change("undo?toRevision=" + revision, "rolled back");
  }

  @Command(
      name = "pause",
      description = "Mark the provided resource as paused.",
      mixinStandardHelpOptions = true)
  void pause(@Mixin RolloutTarget target) throws IOException, InterruptedException {
    target.change("pause", "paused");
  }

  @Command(
      name = "resume",
      description = "Resume a paused resource.",
      mixinStandardHelpOptions = true)
  void resume(@Mixin RolloutTarget target) throws IOException, InterruptedException {
    target.change("resume", "resumed");
  }

  @Command(name = "restart", description = "Restart a resource.", mixinStandardHelpOptions = true)
  void restart(@Mixin RolloutTarget target) throws IOException, InterruptedException {
    target.change("restart", "restarted");
  }
}
