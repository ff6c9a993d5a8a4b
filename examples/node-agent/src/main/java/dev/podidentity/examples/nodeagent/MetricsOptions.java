package dev.podidentity.examples.nodeagent;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.server.operations.OperationsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.Option;

/** Where metrics are read. */
final class MetricsOptions {
  @Option(
      names = "--metrics-address",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0",
      description =
          "The address of /metrics, and of /healthz and /readyz once more (default:"
              + " ${DEFAULT-VALUE}).")
  private String metricsAddress = "";

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      defaultValue = "2705",
      description = "The port of /metrics (default: ${DEFAULT-VALUE}).")
  private int metricsPort = OperationsServer.DEFAULT_METRICS_PORT;

  /**
   * The address and the port; 0 takes a free one.
   *
   * @throws BadFlagException if one of them is none
   */
  InetSocketAddress address() {
    InetAddress address =
        IpLiteral.parse(metricsAddress)
            .orElseThrow(
                () ->
                    new BadFlagException(
                        "--metrics-address",
                        "is '" + metricsAddress + "': write an IP address, such as 0.0.0.0"));
    return new InetSocketAddress(address, BadFlagException.port("--metrics-port", metricsPort));
  }
}
