package dev.podidentity.examples.nodeagent;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster the node belongs to, and whom the agent asks about it. */
final class ClusterOptions {
  @Option(
      names = {"-c", "--cluster-name"},
      paramLabel = "NAME",
      description = "The cluster that this node belongs to; required.")
  private String clusterName = "";

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "Another EKS Auth endpoint than the region's.")
  private @Nullable URI endpoint;

  /**
   * The cluster's name.
   *
   * @throws BadFlagException if there is none
   */
  String clusterName() {
    if (clusterName.isBlank()) {
      throw new BadFlagException(
          "--cluster-name", "is missing: name the EKS cluster that this node belongs to");
    }
    return clusterName;
  }

  @Nullable URI endpoint() {
    return endpoint;
  }
}
