package dev.podidentity.examples.nodeagent;

import dev.podidentity.binding.BindingRules;
import java.util.List;
import picocli.CommandLine.Option;

/** Where pods find the agent. */
final class AddressOptions {
  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "80",
      description = "The port of the credential endpoint (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = {"-b", "--bind-hosts"},
      paramLabel = "ADDRESS",
      split = ",",
      description =
          "An address to listen on; repeatable, or several with commas. '?' behind it: start"
              + " without it if need be; '?auto': if the node does not have it (default:"
              + " 169.254.170.23 and [fd00:ec2::23]).")
  private List<String> bindHosts = List.of();

  /**
   * The port; 0 takes free ones.
   *
   * @throws BadFlagException if it is none
   */
  int port() {
    return BadFlagException.port("--port", port);
  }

  /**
   * The addresses, each with what its absence means.
   *
   * @throws BadFlagException if one is no address, or given twice
   */
  BindingRules bindingRules() {
    return BadFlagException.check(
        "--bind-hosts",
        () -> bindHosts.isEmpty() ? BindingRules.defaults() : BindingRules.parse(bindHosts));
  }
}
