package dev.podidentity.addon;

import static java.util.Objects.requireNonNull;

import dev.podidentity.addon.configuration.ConfigurationValues;
import dev.podidentity.addon.version.AddonVersion;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.Tags;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The add-on on a cluster. Immutable; equal if every member is.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html">Addon</a>
 */
public final class Addon {
  /** The name of the EKS Pod Identity Agent add-on. */
  public static final String NAME = "eks-pod-identity-agent";

  private final AddonArn addonArn;
  private final AddonStatus status;
  private final AddonVersion addonVersion;
  private final List<AddonIssue> issues;
  private final Instant createdAt;
  private final Instant modifiedAt;
  private final @Nullable RoleArn serviceAccountRoleArn;
  private final Tags tags;
  private final @Nullable String configurationValues;

  private Addon(AddonBuilder builder) {
    addonArn = requireNonNull(builder.addonArn, "addonArn");
    status = requireNonNull(builder.status, "status");
    addonVersion = requireNonNull(builder.addonVersion, "addonVersion");
    issues = builder.issues;
    createdAt = requireNonNull(builder.createdAt, "createdAt");
    modifiedAt = Objects.requireNonNullElse(builder.modifiedAt, createdAt);
    serviceAccountRoleArn = builder.serviceAccountRoleArn;
    tags = builder.tags;
    configurationValues = builder.configurationValues;
  }

  static Addon of(AddonBuilder builder) {
    return new Addon(builder);
  }

  /** Starts an add-on; its ARN, status, version and time of creation are required. */
  public static AddonBuilder builder() {
    return new AddonBuilder();
  }

  /** Starts an add-on that is like this one. */
  public AddonBuilder toBuilder() {
    return new AddonBuilder(this);
  }

  /** The ARN, which holds the cluster, the name and an id. */
  public AddonArn addonArn() {
    return addonArn;
  }

  /** The name. */
  public String addonName() {
    return addonArn.addonName();
  }

  /** The cluster that it is on. */
  public ClusterArn cluster() {
    return addonArn.cluster();
  }

  /** The name of the cluster that it is on. */
  public String clusterName() {
    return cluster().name();
  }

  /** Where it is in its life. */
  public AddonStatus status() {
    return status;
  }

  /** The version that was last created or successfully updated to. */
  public AddonVersion addonVersion() {
    return addonVersion;
  }

  /** What is to be known of its health; empty if there is nothing. */
  public List<AddonIssue> issues() {
    return issues;
  }

  /** When it was created. */
  public Instant createdAt() {
    return createdAt;
  }

  /** When its status, version, values or tags last changed. */
  public Instant modifiedAt() {
    return modifiedAt;
  }

  /** A role that was given with it, and that this add-on does not use. */
  public Optional<RoleArn> serviceAccountRoleArn() {
    return Optional.ofNullable(serviceAccountRoleArn);
  }

  /** The AWS tags. */
  public Tags tags() {
    return tags;
  }

  /**
   * The configuration values to the letter as they were given; absent if none were. Environment
   * variables in them may hold secrets.
   */
  public Optional<String> configurationValues() {
    return Optional.ofNullable(configurationValues);
  }

  /** What an agent is configured with: the values over the defaults. */
  public ConfigurationValues effectiveValues() {
    return ConfigurationValues.parse(configurationValues().orElse(""))
        .over(ConfigurationValues.defaults());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Addon that
        && addonArn.equals(that.addonArn)
        && status == that.status
        && addonVersion.equals(that.addonVersion)
        && issues.equals(that.issues)
        && createdAt.equals(that.createdAt)
        && modifiedAt.equals(that.modifiedAt)
        && Objects.equals(serviceAccountRoleArn, that.serviceAccountRoleArn)
        && tags.equals(that.tags)
        && Objects.equals(configurationValues, that.configurationValues);
  }

  @Override
  public int hashCode() {
    return Objects.hash(addonArn, status, modifiedAt);
  }

  @Override
  public String toString() {
    return "Addon["
        + addonName()
        + ", "
        + clusterName()
        + ", "
        + addonVersion
        + ", "
        + status
        + ", "
        + issues.stream().map(issue -> issue.code().code()).toList()
        + "]";
  }
}
