package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.ServiceAccountRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Collects the members of an association. Not thread-safe. */
public final class PodIdentityAssociationBuilder {
  @Nullable AssociationArn associationArn;
  @Nullable ServiceAccountRef serviceAccount;
  @Nullable RoleArn roleArn;
  Tags tags = Tags.none();
  @Nullable Instant createdAt;
  @Nullable Instant modifiedAt;
  @Nullable String ownerArn;
  boolean disableSessionTags;
  @Nullable RoleArn targetRoleArn;
  @Nullable String externalId;
  @Nullable SessionPolicy policy;

  PodIdentityAssociationBuilder() {}

  PodIdentityAssociationBuilder(PodIdentityAssociation like) {
    associationArn = like.associationArn();
    serviceAccount = like.serviceAccount();
    roleArn = like.roleArn();
    tags = like.tags();
    createdAt = like.createdAt();
    modifiedAt = like.modifiedAt();
    ownerArn = like.ownerArn().orElse(null);
    disableSessionTags = like.disableSessionTags();
    targetRoleArn = like.targetRoleArn().orElse(null);
    externalId = like.externalId().orElse(null);
    policy = like.policy().orElse(null);
  }

  /** Sets the association's ARN, which holds its cluster and its id. */
  public PodIdentityAssociationBuilder associationArn(AssociationArn associationArn) {
    this.associationArn = requireNonNull(associationArn, "associationArn");
    return this;
  }

  /** Sets the service account. */
  public PodIdentityAssociationBuilder serviceAccount(ServiceAccountRef serviceAccount) {
    this.serviceAccount = requireNonNull(serviceAccount, "serviceAccount");
    return this;
  }

  /** Sets the role, which is in the cluster's account. */
  public PodIdentityAssociationBuilder roleArn(RoleArn roleArn) {
    this.roleArn = requireNonNull(roleArn, "roleArn");
    return this;
  }

  /** Sets the tags; none if not set. */
  public PodIdentityAssociationBuilder tags(Tags tags) {
    this.tags = requireNonNull(tags, "tags");
    return this;
  }

  /** Sets the time of creation. */
  public PodIdentityAssociationBuilder createdAt(Instant createdAt) {
    this.createdAt = requireNonNull(createdAt, "createdAt");
    return this;
  }

  /** Sets the time of the last change; that of creation if not set. */
  public PodIdentityAssociationBuilder modifiedAt(Instant modifiedAt) {
    this.modifiedAt = requireNonNull(modifiedAt, "modifiedAt");
    return this;
  }

  /** Sets the add-on that owns the association; null for none. */
  public PodIdentityAssociationBuilder ownerArn(@Nullable String ownerArn) {
    this.ownerArn = ownerArn;
    return this;
  }

  /** Sets whether sessions go without the six session tags; false if not set. */
  public PodIdentityAssociationBuilder disableSessionTags(boolean disableSessionTags) {
    this.disableSessionTags = disableSessionTags;
    return this;
  }

  /** Sets the target role and what it is assumed with; both null for none. */
  public PodIdentityAssociationBuilder targetRole(
      @Nullable RoleArn targetRoleArn, @Nullable String externalId) {
    this.targetRoleArn = targetRoleArn;
    this.externalId = externalId;
    return this;
  }

  /** Sets the session policy; null for none. */
  public PodIdentityAssociationBuilder policy(@Nullable SessionPolicy policy) {
    this.policy = policy;
    return this;
  }

  /**
   * The association.
   *
   * @throws NullPointerException if a required member is missing
   * @throws IllegalArgumentException if the members break a rule together: the role is in another
   *     account, a target role has no external id, or a policy comes with session tags
   */
  public PodIdentityAssociation build() {
    return PodIdentityAssociation.of(this);
  }
}
