package dev.podidentity.addon.version;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The clusters of one Kubernetes version that a version of the add-on is for.
 *
 * @param clusterVersion their Kubernetes version, such as {@code 1.28}
 * @param platformVersions {@code *} for all platform versions; {@code eks.4} for this one and every
 *     later one
 * @param defaultVersion whether such clusters get this version of the add-on where none is named
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_Compatibility.html">
 *     Compatibility</a>
 */
public record Compatibility(
    String clusterVersion, List<String> platformVersions, boolean defaultVersion) {
  private static final String ALL = "*";

  /**
   * Checks the platform versions.
   *
   * @throws IllegalArgumentException if one is neither {@code *} nor a platform version
   */
  public Compatibility {
    requireNonNull(clusterVersion, "clusterVersion");
    platformVersions = List.copyOf(platformVersions);
    platformVersions.stream()
        .filter(version -> !version.equals(ALL))
        .forEach(ClusterVersion::platformNumber);
  }

  /** Whether a cluster is one of them. */
  public boolean covers(ClusterVersion cluster) {
    return clusterVersion.equals(cluster.kubernetes())
        && platformVersions.stream().anyMatch(version -> isReached(version, cluster));
  }

  private static boolean isReached(String version, ClusterVersion cluster) {
    return version.equals(ALL) || ClusterVersion.platformNumber(version) <= cluster.platform();
  }
}
