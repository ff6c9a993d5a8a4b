package dev.podidentity.addon.version;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What is known of one version of the add-on.
 *
 * @param addonVersion the version
 * @param architectures the processors that its agents run on, such as {@code amd64}
 * @param computeTypes the kinds of nodes that get an agent, such as {@code ec2}
 * @param compatibilities the clusters that it is for
 * @param requiresConfiguration whether it cannot do without configuration values
 * @param requiresIamPermissions whether it needs a role of its own
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonVersionInfo.html">
 *     AddonVersionInfo</a>
 */
public record AddonVersionInfo(
    AddonVersion addonVersion,
    List<String> architectures,
    List<String> computeTypes,
    List<Compatibility> compatibilities,
    boolean requiresConfiguration,
    boolean requiresIamPermissions) {
  /** What is known of a version. */
  public AddonVersionInfo {
    requireNonNull(addonVersion, "addonVersion");
    architectures = List.copyOf(architectures);
    computeTypes = List.copyOf(computeTypes);
    compatibilities = List.copyOf(compatibilities);
  }

  /** Whether the version is for a cluster. */
  public boolean isFor(ClusterVersion cluster) {
    return compatibilities.stream().anyMatch(one -> one.covers(cluster));
  }

  boolean isDefaultFor(ClusterVersion cluster) {
    return compatibilities.stream().anyMatch(one -> one.defaultVersion() && one.covers(cluster));
  }

  /** What is said of clusters of this one's Kubernetes version, whatever their platform version. */
  Optional<Compatibility> of(ClusterVersion cluster) {
    return compatibilities.stream()
        .filter(one -> one.clusterVersion().equals(cluster.kubernetes()))
        .findFirst();
  }
}
