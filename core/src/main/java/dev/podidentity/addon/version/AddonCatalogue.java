package dev.podidentity.addon.version;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The versions of the add-on that there are, as EKS' {@code DescribeAddonVersions} tells them.
 * Immutable. {@link #standard} comes with the library; what a program knows better it {@linkplain
 * #with adds}, or {@linkplain #parse reads} from what {@code aws eks describe-addon-versions}
 * prints.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonInfo.html">
 *     AddonInfo</a>
 */
public final class AddonCatalogue {
  private static final AddonCatalogue STANDARD = parse(CatalogueJson.standard());

  private final String addonName;
  private final String type;
  private final String publisher;
  private final String owner;
  private final String defaultNamespace;
  private final List<AddonVersionInfo> versions;

  AddonCatalogue(
      String addonName,
      String type,
      String publisher,
      String owner,
      String defaultNamespace,
      List<AddonVersionInfo> versions) {
    this.addonName = requireNonNull(addonName, "addonName");
    this.type = requireNonNull(type, "type");
    this.publisher = requireNonNull(publisher, "publisher");
    this.owner = requireNonNull(owner, "owner");
    this.defaultNamespace = requireNonNull(defaultNamespace, "defaultNamespace");
    this.versions =
        versions.stream()
            .sorted(Comparator.comparing(AddonVersionInfo::addonVersion).reversed())
            .toList();
  }

  /** The catalogue that comes with the library. */
  public static AddonCatalogue standard() {
    return STANDARD;
  }

  /**
   * Reads a catalogue: an {@code AddonInfo} as EKS writes it, or an object whose {@code addons} has
   * one.
   *
   * @throws IllegalArgumentException if the text is anything else; the message says where
   */
  public static AddonCatalogue parse(String json) {
    return CatalogueJson.read(requireNonNull(json, "json"));
  }

  /** This catalogue with another version, which takes the place of one of the same number. */
  public AddonCatalogue with(AddonVersionInfo version) {
    var all = new ArrayList<AddonVersionInfo>();
    versions.stream()
        .filter(one -> !one.addonVersion().equals(version.addonVersion()))
        .forEach(all::add);
    all.add(version);
    return new AddonCatalogue(addonName, type, publisher, owner, defaultNamespace, all);
  }

  /** The add-on's name: {@code eks-pod-identity-agent}. */
  public String addonName() {
    return addonName;
  }

  /** What kind of add-on it is: {@code security}. */
  public String type() {
    return type;
  }

  /** Who publishes it. */
  public String publisher() {
    return publisher;
  }

  /** Who owns it. */
  public String owner() {
    return owner;
  }

  /** The namespace that the agents run in. */
  public String defaultNamespace() {
    return defaultNamespace;
  }

  /** All versions, the newest first. */
  public List<AddonVersionInfo> versions() {
    return versions;
  }

  /** What is known of a version. */
  public Optional<AddonVersionInfo> find(AddonVersion version) {
    return versions.stream().filter(one -> one.addonVersion().equals(version)).findFirst();
  }

  /** The versions for a cluster, the newest first: each can be updated to from any other. */
  public List<AddonVersion> versionsFor(ClusterVersion cluster) {
    return versions.stream()
        .filter(one -> one.isFor(cluster))
        .map(AddonVersionInfo::addonVersion)
        .toList();
  }

  /** The version that a cluster gets where none is named. */
  public Optional<AddonVersion> defaultVersion(ClusterVersion cluster) {
    return versions.stream()
        .filter(one -> one.isDefaultFor(cluster))
        .map(AddonVersionInfo::addonVersion)
        .findFirst();
  }

  /** The newest version for a cluster, if it is newer than the one that is installed. */
  public Optional<AddonVersion> newerThan(AddonVersion installed, ClusterVersion cluster) {
    return versionsFor(cluster).stream()
        .findFirst()
        .filter(newest -> newest.compareTo(installed) > 0);
  }

  /**
   * Checks that a version can be created on a cluster, or updated to. As with EKS, any version for
   * the cluster can follow any other, an older one too.
   *
   * @throws IllegalArgumentException if the version is unknown, or for other clusters; the message
   *     says which clusters, or which versions
   */
  public void requireFor(AddonVersion version, ClusterVersion cluster) {
    AddonVersionInfo info =
        find(version)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        addonName
                            + " has no version "
                            + version
                            + ": versions for cluster version "
                            + cluster
                            + " are "
                            + listed(versionsFor(cluster))));
    if (!info.isFor(cluster)) {
      throw new IllegalArgumentException(
          addonName
              + " "
              + version
              + " is not for cluster version "
              + cluster
              + ": "
              + info.of(cluster).map(AddonCatalogue::needed).orElseGet(() -> known(info)));
    }
  }

  private static String needed(Compatibility compatibility) {
    return "with Kubernetes "
        + compatibility.clusterVersion()
        + " it needs platform version "
        + String.join(" or ", compatibility.platformVersions())
        + " or later";
  }

  private static String known(AddonVersionInfo info) {
    return "it is for Kubernetes "
        + info.compatibilities().stream()
            .map(Compatibility::clusterVersion)
            .collect(Collectors.joining(", "));
  }

  private static String listed(List<AddonVersion> versions) {
    return versions.isEmpty()
        ? "none"
        : versions.stream().map(AddonVersion::toString).collect(Collectors.joining(", "));
  }
}
