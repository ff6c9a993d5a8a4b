package dev.podidentity.examples.nodeagent;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** The agent of a node, with EKS Auth behind it. */
@Command(
    name = "server",
    customSynopsis = "node-agent server -c NAME [FLAGS]",
    description = "Runs the agent of this node.",
    mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
  @Mixin private ServerOptions options = new ServerOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    WarmStart.await();
    try (var daemon = new NodeDaemon(options)) {
      var shutdown = Shutdown.onSignal();
      daemon.start();
      shutdown.await();
    }
    return ExitCode.OK;
  }
}
