package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.ServiceAccountRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked when an association is created. Immutable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html">
 *     CreatePodIdentityAssociation</a>
 */
public final class CreateAssociation {
  private final ServiceAccountRef serviceAccount;
  private final RoleArn roleArn;
  private final Tags tags;
  private final boolean disableSessionTags;
  private final @Nullable RoleArn targetRoleArn;
  private final @Nullable SessionPolicy policy;
  private final @Nullable String ownerArn;
  private final @Nullable String clientRequestToken;

  private CreateAssociation(Builder builder) {
    serviceAccount = builder.serviceAccount;
    roleArn = builder.roleArn;
    tags = builder.tags;
    disableSessionTags = builder.disableSessionTags;
    targetRoleArn = builder.targetRoleArn;
    policy = builder.policy;
    ownerArn = builder.ownerArn;
    clientRequestToken = builder.clientRequestToken;
  }

  /** Starts a request for an association of this service account with this role. */
  public static Builder builder(ServiceAccountRef serviceAccount, RoleArn roleArn) {
    return new Builder(serviceAccount, roleArn);
  }

  /** The service account whose pods are to get the role. */
  public ServiceAccountRef serviceAccount() {
    return serviceAccount;
  }

  /** The role, in the cluster's account. */
  public RoleArn roleArn() {
    return roleArn;
  }

  /** The association's own AWS tags. */
  public Tags tags() {
    return tags;
  }

  /** Whether sessions go without the six session tags. */
  public boolean disableSessionTags() {
    return disableSessionTags;
  }

  /** The role to be assumed by way of the first. */
  public Optional<RoleArn> targetRoleArn() {
    return Optional.ofNullable(targetRoleArn);
  }

  /** What restricts the sessions further. */
  public Optional<SessionPolicy> policy() {
    return Optional.ofNullable(policy);
  }

  /** The add-on that creates the association; EKS' API lets nobody else set it. */
  public Optional<String> ownerArn() {
    return Optional.ofNullable(ownerArn);
  }

  /** What makes a repeated request the same request. */
  public Optional<String> clientRequestToken() {
    return Optional.ofNullable(clientRequestToken);
  }

  /** Collects the members of a request. Not thread-safe. */
  public static final class Builder {
    private final ServiceAccountRef serviceAccount;
    private final RoleArn roleArn;
    private Tags tags = Tags.none();
    private boolean disableSessionTags;
    private @Nullable RoleArn targetRoleArn;
    private @Nullable SessionPolicy policy;
    private @Nullable String ownerArn;
    private @Nullable String clientRequestToken;

    private Builder(ServiceAccountRef serviceAccount, RoleArn roleArn) {
      this.serviceAccount = requireNonNull(serviceAccount, "serviceAccount");
      this.roleArn = requireNonNull(roleArn, "roleArn");
    }

    /** Sets the tags; none if not set. */
    public Builder tags(Tags tags) {
      this.tags = requireNonNull(tags, "tags");
      return this;
    }

    /** Sets whether sessions go without the six session tags; false if not set. */
    public Builder disableSessionTags(boolean disableSessionTags) {
      this.disableSessionTags = disableSessionTags;
      return this;
    }

    /** Sets the target role; null for none. */
    public Builder targetRoleArn(@Nullable RoleArn targetRoleArn) {
      this.targetRoleArn = targetRoleArn;
      return this;
    }

    /** Sets the session policy, which needs session tags off; null for none. */
    public Builder policy(@Nullable SessionPolicy policy) {
      this.policy = policy;
      return this;
    }

    /** Sets the owning add-on; null for none. */
    public Builder ownerArn(@Nullable String ownerArn) {
      this.ownerArn = ownerArn;
      return this;
    }

    /** Sets what makes a repeated request the same request; null for none. */
    public Builder clientRequestToken(@Nullable String clientRequestToken) {
      this.clientRequestToken = clientRequestToken;
      return this;
    }

    /** The request; its rules are checked when it is made. */
    public CreateAssociation build() {
      return new CreateAssociation(this);
    }
  }
}
