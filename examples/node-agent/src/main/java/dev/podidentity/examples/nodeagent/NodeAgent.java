package dev.podidentity.examples.nodeagent;

import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** The program's start: reads the command line and runs what it names. */
@Command(
    name = "node-agent",
    description = "Gives the pods of a node the AWS credentials of their service accounts.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      ServerCommand.class,
      LocalCommand.class,
      TokenCommand.class,
      VersionCommand.class
    })
public final class NodeAgent {
  private NodeAgent() {}

  /** Runs the program; exits 2 for a command line that makes no sense, 1 for any other failure. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  private static CommandLine commandLine() {
    return new CommandLine(new NodeAgent())
        .registerConverter(Duration.class, GoDuration::parse)
        .setParameterExceptionHandler(NodeAgent::explainUsage)
        .setExecutionExceptionHandler(NodeAgent::explainFailure);
  }

  private static int explainUsage(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    command.getErr().println(command.getCommandName() + ": " + e.getMessage());
    return ExitCode.USAGE;
  }

  private static int explainFailure(
      Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    command.getErr().println(command.getCommandName() + ": " + e.getMessage());
    return ExitCode.SOFTWARE;
  }
}
