package dev.podidentity.addon;

import static java.util.Objects.requireNonNull;

import dev.podidentity.addon.version.AddonVersion;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.Tags;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an add-on is created from. Immutable.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html">
 *     CreateAddon</a>
 */
public final class CreateAddon {
  private final String addonName;
  private final @Nullable AddonVersion addonVersion;
  private final @Nullable RoleArn serviceAccountRoleArn;
  private final ResolveConflicts resolveConflicts;
  private final @Nullable String configurationValues;
  private final Tags tags;
  private final @Nullable String clientRequestToken;

  private CreateAddon(Builder builder) {
    addonName = builder.addonName;
    addonVersion = builder.addonVersion;
    serviceAccountRoleArn = builder.serviceAccountRoleArn;
    resolveConflicts = builder.resolveConflicts;
    configurationValues = builder.configurationValues;
    tags = builder.tags;
    clientRequestToken = builder.clientRequestToken;
  }

  /** Starts a request for the add-on of this name. */
  public static Builder builder(String addonName) {
    return new Builder(requireNonNull(addonName, "addonName"));
  }

  /** Starts a request for {@link Addon#NAME}. */
  public static Builder builder() {
    return builder(Addon.NAME);
  }

  /** The name of the add-on. */
  public String addonName() {
    return addonName;
  }

  /** The version; the cluster's default version if absent. */
  public Optional<AddonVersion> addonVersion() {
    return Optional.ofNullable(addonVersion);
  }

  /** A role that the add-on is to have, and will not use. */
  public Optional<RoleArn> serviceAccountRoleArn() {
    return Optional.ofNullable(serviceAccountRoleArn);
  }

  /** What becomes of values that were changed on the cluster. */
  public ResolveConflicts resolveConflicts() {
    return resolveConflicts;
  }

  /** The configuration values as JSON text; none if absent. */
  public Optional<String> configurationValues() {
    return Optional.ofNullable(configurationValues);
  }

  /** The AWS tags. */
  public Tags tags() {
    return tags;
  }

  /** What makes a repeated request the same request. */
  public Optional<String> clientRequestToken() {
    return Optional.ofNullable(clientRequestToken);
  }

  /** Collects the members of a request. Not thread-safe. */
  public static final class Builder {
    private final String addonName;
    private @Nullable AddonVersion addonVersion;
    private @Nullable RoleArn serviceAccountRoleArn;
    private ResolveConflicts resolveConflicts = ResolveConflicts.NONE;
    private @Nullable String configurationValues;
    private Tags tags = Tags.none();
    private @Nullable String clientRequestToken;

    private Builder(String addonName) {
      this.addonName = addonName;
    }

    /** Sets the version; null for the cluster's default version. */
    public Builder addonVersion(@Nullable AddonVersion addonVersion) {
      this.addonVersion = addonVersion;
      return this;
    }

    /** Sets a role that the add-on will not use; null for none. */
    public Builder serviceAccountRoleArn(@Nullable RoleArn serviceAccountRoleArn) {
      this.serviceAccountRoleArn = serviceAccountRoleArn;
      return this;
    }

    /** Sets what becomes of values changed on the cluster; {@link ResolveConflicts#NONE} if not. */
    public Builder resolveConflicts(ResolveConflicts resolveConflicts) {
      this.resolveConflicts = requireNonNull(resolveConflicts, "resolveConflicts");
      return this;
    }

    /** Sets the configuration values, as JSON text; null for none. */
    public Builder configurationValues(@Nullable String configurationValues) {
      this.configurationValues = configurationValues;
      return this;
    }

    /** Sets the AWS tags; none if not set. */
    public Builder tags(Tags tags) {
      this.tags = requireNonNull(tags, "tags");
      return this;
    }

    /** Sets what makes a repeated request the same request; null for none. */
    public Builder clientRequestToken(@Nullable String clientRequestToken) {
      this.clientRequestToken = clientRequestToken;
      return this;
    }

    /** The request; its rules are checked when it is made. */
    public CreateAddon build() {
      return new CreateAddon(this);
    }
  }
}
