package dev.podidentity.examples.nodeagent;

import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What picocli knows of the node agent's commands. */
final class Commands {
  private Commands() {}

  /** The program, its commands and theirs. */
  static Stream<CommandSpec> all() {
    return all(NodeAgent.commandLine(Map.of()));
  }

  private static Stream<CommandSpec> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command.getCommandSpec()),
        command.getSubcommands().values().stream().flatMap(Commands::all));
  }
}
