package dev.podidentity.examples.nodeagent;

import dev.podidentity.server.operations.OperationsServer;
import picocli.CommandLine.Option;

/** What kubelets and people ask the agent about itself. */
final class ProbeOptions {
  @Option(
      names = "--probe-port",
      paramLabel = "PORT",
      defaultValue = "2703",
      description =
          "The port of /healthz and /readyz, on localhost only (default: ${DEFAULT-VALUE}).")
  private int probePort = OperationsServer.DEFAULT_PROBE_PORT;

  @Option(
      names = "--debug-entries",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description =
          "Serve /debug/entries on the probe port: who has credentials here; no secrets"
              + " (default: false).")
  private boolean debugEntries;

  /**
   * The port; 0 takes a free one.
   *
   * @throws BadFlagException if it is none
   */
  int probePort() {
    return BadFlagException.port("--probe-port", probePort);
  }

  boolean debugEntries() {
    return debugEntries;
  }
}
