package dev.podidentity.examples.nodeagent;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which running local EKS a command asks. */
final class LocalEksOption {
  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      defaultValue = "${env:AWS_ENDPOINT_URL_EKS}",
      description =
          "The local EKS, as 'local' prints it (default: the variable AWS_ENDPOINT_URL_EKS).")
  private String endpoint = "";

  /**
   * A client of it.
   *
   * @throws ParameterException of this command, if the endpoint is none
   */
  LocalEksClient client(CommandSpec command) {
    try {
      return new LocalEksClient(endpoint);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
