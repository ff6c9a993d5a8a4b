package dev.podidentity.examples.nodeagent;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How the agent ends. */
final class StoppingOptions {
  @Option(
      names = "--drain-timeout",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description =
          "How long SIGTERM and SIGINT wait for requests that are being answered; 0 for not at all."
              + " A second signal ends the agent at once (default: ${DEFAULT-VALUE}).")
  private Duration drainTimeout = Duration.ZERO;

  Duration drainTimeout() {
    return drainTimeout;
  }
}
