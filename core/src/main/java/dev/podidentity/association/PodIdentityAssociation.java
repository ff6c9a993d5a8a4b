package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.ServiceAccountRef;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says which IAM role the pods of a Kubernetes service account get. Immutable; equal if every
 * member is.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html">
 *     PodIdentityAssociation</a>
 */
public final class PodIdentityAssociation {
  private final AssociationArn associationArn;
  private final ServiceAccountRef serviceAccount;
  private final RoleArn roleArn;
  private final Tags tags;
  private final Instant createdAt;
  private final Instant modifiedAt;
  private final @Nullable String ownerArn;
  private final boolean disableSessionTags;
  private final @Nullable RoleArn targetRoleArn;
  private final @Nullable String externalId;
  private final @Nullable SessionPolicy policy;

  private PodIdentityAssociation(PodIdentityAssociationBuilder builder) {
    associationArn = requireNonNull(builder.associationArn, "associationArn");
    serviceAccount = requireNonNull(builder.serviceAccount, "serviceAccount");
    roleArn = requireNonNull(builder.roleArn, "roleArn");
    tags = builder.tags;
    createdAt = requireNonNull(builder.createdAt, "createdAt");
    modifiedAt = Objects.requireNonNullElse(builder.modifiedAt, createdAt);
    ownerArn = builder.ownerArn;
    disableSessionTags = builder.disableSessionTags;
    targetRoleArn = builder.targetRoleArn;
    externalId = builder.externalId;
    policy = builder.policy;
  }

  static PodIdentityAssociation of(PodIdentityAssociationBuilder builder) {
    var association = new PodIdentityAssociation(builder);
    AssociationRules.requireConsistent(association);
    return association;
  }

  /** Starts an association; its ARN, service account, role and time of creation are required. */
  public static PodIdentityAssociationBuilder builder() {
    return new PodIdentityAssociationBuilder();
  }

  /** Starts an association that is like this one. */
  public PodIdentityAssociationBuilder toBuilder() {
    return new PodIdentityAssociationBuilder(this);
  }

  /** The cluster that the service account is in. */
  public ClusterArn cluster() {
    return associationArn.cluster();
  }

  /** The name of the cluster that the service account is in. */
  public String clusterName() {
    return cluster().name();
  }

  /** The service account whose pods get the role. */
  public ServiceAccountRef serviceAccount() {
    return serviceAccount;
  }

  /** The role that the pods get, or that assumes the target role for them. */
  public RoleArn roleArn() {
    return roleArn;
  }

  /** The ARN of the association itself. */
  public AssociationArn associationArn() {
    return associationArn;
  }

  /** The id of the association: {@code a-} and 17 characters. */
  public String associationId() {
    return associationArn.associationId();
  }

  /** The AWS tags of the association itself; no session has them. */
  public Tags tags() {
    return tags;
  }

  /** When the association was created. */
  public Instant createdAt() {
    return createdAt;
  }

  /** When the association or its tags were last changed. */
  public Instant modifiedAt() {
    return modifiedAt;
  }

  /** The ARN of the add-on that owns the association. */
  public Optional<String> ownerArn() {
    return Optional.ofNullable(ownerArn);
  }

  /** Whether sessions go without the six session tags. */
  public boolean disableSessionTags() {
    return disableSessionTags;
  }

  /** The role that the pods get in the end, assumed by way of {@link #roleArn}. */
  public Optional<RoleArn> targetRoleArn() {
    return Optional.ofNullable(targetRoleArn);
  }

  /** What the target role is assumed with; there if and only if there is a target role. */
  public Optional<String> externalId() {
    return Optional.ofNullable(externalId);
  }

  /** What restricts the pods further; with a target role, it restricts that one alone. */
  public Optional<SessionPolicy> policy() {
    return Optional.ofNullable(policy);
  }

  /** The role that the pods' credentials are of: the target role where there is one. */
  public RoleArn effectiveRoleArn() {
    return targetRoleArn().orElse(roleArn);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PodIdentityAssociation that
        && associationArn.equals(that.associationArn)
        && serviceAccount.equals(that.serviceAccount)
        && roleArn.equals(that.roleArn)
        && tags.equals(that.tags)
        && createdAt.equals(that.createdAt)
        && modifiedAt.equals(that.modifiedAt)
        && Objects.equals(ownerArn, that.ownerArn)
        && disableSessionTags == that.disableSessionTags
        && Objects.equals(targetRoleArn, that.targetRoleArn)
        && Objects.equals(externalId, that.externalId)
        && Objects.equals(policy, that.policy);
  }

  @Override
  public int hashCode() {
    return Objects.hash(associationArn, roleArn, modifiedAt);
  }

  @Override
  public String toString() {
    return "PodIdentityAssociation["
        + associationId()
        + ", "
        + clusterName()
        + ", "
        + serviceAccount
        + " -> "
        + roleArn
        + (targetRoleArn == null ? "" : " -> " + targetRoleArn)
        + "]";
  }
}
