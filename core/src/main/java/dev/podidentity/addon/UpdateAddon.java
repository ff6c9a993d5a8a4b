package dev.podidentity.addon;

import static java.util.Objects.requireNonNull;

import dev.podidentity.addon.version.AddonVersion;
import dev.podidentity.association.RoleArn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to change in an add-on; what is not set stays as it is. Immutable.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAddon.html">
 *     UpdateAddon</a>
 */
public final class UpdateAddon {
  private final String addonName;
  private final @Nullable AddonVersion addonVersion;
  private final @Nullable RoleArn serviceAccountRoleArn;
  private final ResolveConflicts resolveConflicts;
  private final @Nullable String configurationValues;
  private final @Nullable String clientRequestToken;

  private UpdateAddon(Builder builder) {
    addonName = builder.addonName;
    addonVersion = builder.addonVersion;
    serviceAccountRoleArn = builder.serviceAccountRoleArn;
    resolveConflicts = builder.resolveConflicts;
    configurationValues = builder.configurationValues;
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

  /** The new version, if it is to change. */
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

  /**
   * The new configuration values as JSON text, if they are to change; empty text takes them away.
   */
  public Optional<String> configurationValues() {
    return Optional.ofNullable(configurationValues);
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
    private @Nullable String clientRequestToken;

    private Builder(String addonName) {
      this.addonName = addonName;
    }

    /** Sets the version; null for the one that there is. */
    public Builder addonVersion(@Nullable AddonVersion addonVersion) {
      this.addonVersion = addonVersion;
      return this;
    }

    /** Sets a role that the add-on will not use; null for the one that there is. */
    public Builder serviceAccountRoleArn(@Nullable RoleArn serviceAccountRoleArn) {
      this.serviceAccountRoleArn = serviceAccountRoleArn;
      return this;
    }

    /** Sets what becomes of values changed on the cluster; {@link ResolveConflicts#NONE} if not. */
    public Builder resolveConflicts(ResolveConflicts resolveConflicts) {
      this.resolveConflicts = requireNonNull(resolveConflicts, "resolveConflicts");
      return this;
    }

    /** Sets the configuration values, as JSON text; null for those that there are. */
    public Builder configurationValues(@Nullable String configurationValues) {
      this.configurationValues = configurationValues;
      return this;
    }

    /** Sets what makes a repeated request the same request; null for none. */
    public Builder clientRequestToken(@Nullable String clientRequestToken) {
      this.clientRequestToken = clientRequestToken;
      return this;
    }

    /** The request; its rules are checked when it is made. */
    public UpdateAddon build() {
      return new UpdateAddon(this);
    }
  }
}
