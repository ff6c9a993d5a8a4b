package dev.podidentity.addon;

import static java.util.Objects.requireNonNull;

import dev.podidentity.addon.version.AddonVersion;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.Tags;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the members of an add-on. Not thread-safe. */
public final class AddonBuilder {
  @Nullable AddonArn addonArn;
  @Nullable AddonStatus status;
  @Nullable AddonVersion addonVersion;
  List<AddonIssue> issues = List.of();
  @Nullable Instant createdAt;
  @Nullable Instant modifiedAt;
  @Nullable RoleArn serviceAccountRoleArn;
  Tags tags = Tags.none();
  @Nullable String configurationValues;

  AddonBuilder() {}

  AddonBuilder(Addon like) {
    addonArn = like.addonArn();
    status = like.status();
    addonVersion = like.addonVersion();
    issues = like.issues();
    createdAt = like.createdAt();
    modifiedAt = like.modifiedAt();
    serviceAccountRoleArn = like.serviceAccountRoleArn().orElse(null);
    tags = like.tags();
    configurationValues = like.configurationValues().orElse(null);
  }

  /** Sets the ARN, which holds the cluster and the name. */
  public AddonBuilder addonArn(AddonArn addonArn) {
    this.addonArn = requireNonNull(addonArn, "addonArn");
    return this;
  }

  /** Sets the status. */
  public AddonBuilder status(AddonStatus status) {
    this.status = requireNonNull(status, "status");
    return this;
  }

  /** Sets the version. */
  public AddonBuilder addonVersion(AddonVersion addonVersion) {
    this.addonVersion = requireNonNull(addonVersion, "addonVersion");
    return this;
  }

  /** Sets what is to be known of the health; nothing if not set. */
  public AddonBuilder issues(List<AddonIssue> issues) {
    this.issues = List.copyOf(issues);
    return this;
  }

  /** Sets the time of creation. */
  public AddonBuilder createdAt(Instant createdAt) {
    this.createdAt = requireNonNull(createdAt, "createdAt");
    return this;
  }

  /** Sets the time of the last change; that of creation if not set. */
  public AddonBuilder modifiedAt(Instant modifiedAt) {
    this.modifiedAt = requireNonNull(modifiedAt, "modifiedAt");
    return this;
  }

  /** Sets the role that the add-on does not use; null for none. */
  public AddonBuilder serviceAccountRoleArn(@Nullable RoleArn serviceAccountRoleArn) {
    this.serviceAccountRoleArn = serviceAccountRoleArn;
    return this;
  }

  /** Sets the tags; none if not set. */
  public AddonBuilder tags(Tags tags) {
    this.tags = requireNonNull(tags, "tags");
    return this;
  }

  /** Sets the configuration values as they were given; null for none. */
  public AddonBuilder configurationValues(@Nullable String configurationValues) {
    this.configurationValues = configurationValues;
    return this;
  }

  /**
   * The add-on.
   *
   * @throws NullPointerException if a required member is missing
   */
  public Addon build() {
    return Addon.of(this);
  }
}
