package dev.podidentity.examples.nodeagent;

import dev.podidentity.kubernetes.ApiServer;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether pods that are gone are known to be. */
final class PodLivenessOptions {
  private static final String LIVENESS = "--pod-liveness";

  @Option(
      names = LIVENESS,
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description =
          "Do not renew credentials of pods that are gone: watches this node's pods at the API"
              + " server (default: ${DEFAULT-VALUE}).")
  private boolean liveness;

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      description = "The name of this node at the API server (default: what NODE_NAME says).")
  private String nodeName = "";

  /** Whose pods are watched, and where. */
  record Watch(ApiServer apiServer, String nodeName) {}

  /**
   * What is to be watched; empty if nothing is.
   *
   * @throws BadFlagException if it is asked for, and the node or the API server is not known
   */
  Optional<Watch> watch(Optional<ApiServer> apiServer, Map<String, String> environment) {
    if (!liveness) {
      return Optional.empty();
    }
    String name = nodeName.isEmpty() ? environment.getOrDefault("NODE_NAME", "") : nodeName;
    if (name.isEmpty()) {
      throw new BadFlagException(
          LIVENESS, "needs the name of this node: set NODE_NAME from the field spec.nodeName");
    }
    return Optional.of(
        new Watch(
            apiServer.orElseThrow(
                () ->
                    new BadFlagException(
                        LIVENESS,
                        "needs the API server: mount a service account token into this pod")),
            name));
  }
}
