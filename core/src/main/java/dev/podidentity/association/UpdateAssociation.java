package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to change in an association; what is not set stays as it is. The namespace and the
 * service account cannot be changed, nor can tags, which have operations of their own. Immutable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdatePodIdentityAssociation.html">
 *     UpdatePodIdentityAssociation</a>
 */
public final class UpdateAssociation {
  private final @Nullable RoleArn roleArn;
  private final @Nullable Boolean disableSessionTags;
  private final @Nullable RoleArn targetRoleArn;
  private final boolean removesTargetRole;
  private final @Nullable SessionPolicy policy;
  private final boolean removesPolicy;
  private final @Nullable String clientRequestToken;

  private UpdateAssociation(Builder builder) {
    roleArn = builder.roleArn;
    disableSessionTags = builder.disableSessionTags;
    targetRoleArn = builder.targetRoleArn;
    removesTargetRole = builder.removesTargetRole;
    policy = builder.policy;
    removesPolicy = builder.removesPolicy;
    clientRequestToken = builder.clientRequestToken;
  }

  /** Starts an update that changes nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** The new role, in the cluster's account. */
  public Optional<RoleArn> roleArn() {
    return Optional.ofNullable(roleArn);
  }

  /** Whether sessions are to go without the six session tags. */
  public Optional<Boolean> disableSessionTags() {
    return Optional.ofNullable(disableSessionTags);
  }

  /** The new target role. */
  public Optional<RoleArn> targetRoleArn() {
    return Optional.ofNullable(targetRoleArn);
  }

  /** Whether the target role is to go. */
  public boolean removesTargetRole() {
    return removesTargetRole;
  }

  /** The new session policy. */
  public Optional<SessionPolicy> policy() {
    return Optional.ofNullable(policy);
  }

  /** Whether the session policy is to go. */
  public boolean removesPolicy() {
    return removesPolicy;
  }

  /** What makes a repeated request the same request. */
  public Optional<String> clientRequestToken() {
    return Optional.ofNullable(clientRequestToken);
  }

  /** Collects the changes. Not thread-safe. */
  public static final class Builder {
    private @Nullable RoleArn roleArn;
    private @Nullable Boolean disableSessionTags;
    private @Nullable RoleArn targetRoleArn;
    private boolean removesTargetRole;
    private @Nullable SessionPolicy policy;
    private boolean removesPolicy;
    private @Nullable String clientRequestToken;

    private Builder() {}

    /** Sets the new role. */
    public Builder roleArn(RoleArn roleArn) {
      this.roleArn = requireNonNull(roleArn, "roleArn");
      return this;
    }

    /** Sets whether sessions are to go without the six session tags. */
    public Builder disableSessionTags(boolean disableSessionTags) {
      this.disableSessionTags = disableSessionTags;
      return this;
    }

    /** Sets the new target role. */
    public Builder targetRoleArn(RoleArn targetRoleArn) {
      this.targetRoleArn = requireNonNull(targetRoleArn, "targetRoleArn");
      this.removesTargetRole = false;
      return this;
    }

    /** Takes the target role away. */
    public Builder removeTargetRole() {
      this.targetRoleArn = null;
      this.removesTargetRole = true;
      return this;
    }

    /** Sets the new session policy. */
    public Builder policy(SessionPolicy policy) {
      this.policy = requireNonNull(policy, "policy");
      this.removesPolicy = false;
      return this;
    }

    /** Takes the session policy away. */
    public Builder removePolicy() {
      this.policy = null;
      this.removesPolicy = true;
      return this;
    }

    /** Sets what makes a repeated request the same request; null for none. */
    public Builder clientRequestToken(@Nullable String clientRequestToken) {
      this.clientRequestToken = clientRequestToken;
      return this;
    }

    /** The update; its rules are checked when it is made. */
    public UpdateAssociation build() {
      return new UpdateAssociation(this);
    }
  }
}
