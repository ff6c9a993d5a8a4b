package dev.podidentity.examples.nodeagent;

import dev.podidentity.awssdk.eksauth.NodeCredentials;
import picocli.CommandLine.Option;

/** The AWS credentials that the agent itself asks EKS Auth with. */
final class OwnCredentialOptions {
  @Option(
      names = "--rotate-credentials",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description =
          "Take the agent's own credentials from the shared credentials file alone"
              + " (AWS_SHARED_CREDENTIALS_FILE, AWS_PROFILE), and read it again every minute"
              + " (default: ${DEFAULT-VALUE}).")
  private boolean rotate;

  /**
   * The agent's own credentials, for its owner to close.
   *
   * @throws BadFlagException if the shared credentials file cannot be one
   */
  NodeCredentials credentials() {
    return rotate
        ? BadFlagException.check("--rotate-credentials", NodeCredentials::rotatedFile)
        : NodeCredentials.defaultChain();
  }
}
