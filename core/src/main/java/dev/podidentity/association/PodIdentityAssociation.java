package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.ServiceAccountRef;
import org.jspecify.annotations.Nullable;

/**
 * Says which IAM role the pods of a Kubernetes service account get. Immutable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html">
 *     PodIdentityAssociation</a>
 */
public final class PodIdentityAssociation {
  private final String clusterName;
  private final ServiceAccountRef serviceAccount;
  private final RoleArn roleArn;
  private final String associationArn;
  private final String associationId;

  private PodIdentityAssociation(Builder builder) {
    clusterName = requireNonNull(builder.clusterName, "clusterName");
    serviceAccount = requireNonNull(builder.serviceAccount, "serviceAccount");
    roleArn = requireNonNull(builder.roleArn, "roleArn");
    associationArn = requireNonNull(builder.associationArn, "associationArn");
    associationId = requireNonNull(builder.associationId, "associationId");
  }

  /** Starts an association; every member is required. */
  public static Builder builder() {
    return new Builder();
  }

  /** The cluster that the service account is in. */
  public String clusterName() {
    return clusterName;
  }

  /** The service account whose pods get the role. */
  public ServiceAccountRef serviceAccount() {
    return serviceAccount;
  }

  /** The role that the pods get. */
  public RoleArn roleArn() {
    return roleArn;
  }

  /** The ARN of the association itself. */
  public String associationArn() {
    return associationArn;
  }

  /** The id of the association: {@code a-} and 17 characters. */
  public String associationId() {
    return associationId;
  }

  @Override
  public String toString() {
    return "PodIdentityAssociation["
        + associationId
        + ", "
        + clusterName
        + ", "
        + serviceAccount
        + " -> "
        + roleArn
        + "]";
  }

  /** Collects the members of an association. Not thread-safe. */
  public static final class Builder {
    private @Nullable String clusterName;
    private @Nullable ServiceAccountRef serviceAccount;
    private @Nullable RoleArn roleArn;
    private @Nullable String associationArn;
    private @Nullable String associationId;

    private Builder() {}

    /** Sets the cluster. */
    public Builder clusterName(String clusterName) {
      this.clusterName = clusterName;
      return this;
    }

    /** Sets the service account. */
    public Builder serviceAccount(ServiceAccountRef serviceAccount) {
      this.serviceAccount = serviceAccount;
      return this;
    }

    /** Sets the role. */
    public Builder roleArn(RoleArn roleArn) {
      this.roleArn = roleArn;
      return this;
    }

    /** Sets the association's ARN. */
    public Builder associationArn(String associationArn) {
      this.associationArn = associationArn;
      return this;
    }

    /** Sets the association's id. */
    public Builder associationId(String associationId) {
      this.associationId = associationId;
      return this;
    }

    /** The association. */
    public PodIdentityAssociation build() {
      return new PodIdentityAssociation(this);
    }
  }
}
