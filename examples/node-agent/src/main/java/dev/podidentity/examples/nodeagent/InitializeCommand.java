package dev.podidentity.examples.nodeagent;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Prepares a node: run once, before {@code server}, by an init container for instance. */
@Command(
    name = "initialize",
    description =
        "Gives this node the agent's addresses, on a link of their own, and routes to them.",
    mixinStandardHelpOptions = true)
final class InitializeCommand implements Callable<Integer> {
  @Option(
      names = "--link-name",
      paramLabel = "NAME",
      defaultValue = "pod-id-link0",
      description = "What the link is called (default: ${DEFAULT-VALUE}).")
  private String linkName = "";

  @Option(
      names = "--link-type",
      paramLabel = "TYPE",
      defaultValue = "dummy",
      description =
          "What the link is; bridge where the kernel has no dummy device"
              + " (default: ${DEFAULT-VALUE}).")
  private String linkType = "";

  @Option(names = "--undo", description = "Remove the link, its addresses and their routes.")
  private boolean undo;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireName("--link-name", linkName);
    requireName("--link-type", linkType);
    var link = new NodeLink(linkName, linkType, new IpCommand());
    if (undo) {
      link.delete();
    } else {
      link.create();
    }
    return ExitCode.OK;
  }

  // No value may become an option of 'ip'. The kernel takes names of up to 15 characters.
  private static void requireName(String flag, String value) {
    if (!value.matches("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,14}")) {
      throw new BadFlagException(
          flag, "is '" + value + "': write up to 15 letters, digits, '_', '.' or '-'");
    }
  }
}
