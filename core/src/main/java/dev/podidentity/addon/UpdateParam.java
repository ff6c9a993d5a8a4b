package dev.podidentity.addon;

import static java.util.Objects.requireNonNull;

/**
 * One thing that an update was asked for.
 *
 * @param type what it is
 * @param value what it was asked to become, as it was given
 */
public record UpdateParam(Type type, String value) {
  /** The things that an update of this add-on can be asked for. */
  public enum Type {
    /** The version. */
    ADDON_VERSION("AddonVersion"),
    /** The role that the add-on does not use. */
    SERVICE_ACCOUNT_ROLE_ARN("ServiceAccountRoleArn"),
    /** What becomes of values that were changed on the cluster. */
    RESOLVE_CONFLICTS("ResolveConflicts"),
    /** The configuration values. */
    CONFIGURATION_VALUES("ConfigurationValues");

    private final String code;

    Type(String code) {
      this.code = code;
    }

    /** The type as EKS writes it. */
    public String code() {
      return code;
    }
  }

  /** A parameter. */
  public UpdateParam {
    requireNonNull(type, "type");
    requireNonNull(value, "value");
  }

  /** The parameter; configuration values may hold secrets, and are not shown. */
  @Override
  public String toString() {
    return type.code() + "=" + (type == Type.CONFIGURATION_VALUES ? "…" : value);
  }
}
