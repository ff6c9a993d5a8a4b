package dev.podidentity.addon.rollout;

import dev.podidentity.addon.configuration.ConfigurationValues;
import dev.podidentity.addon.version.AddonVersion;
import dev.podidentity.association.RoleArn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What EKS is doing with the add-on at present. */
sealed interface Operation {
  /** The agents are put on the cluster. */
  record Create() implements Operation {}

  /**
   * An update is rolled out.
   *
   * @param updateId the update
   * @param wanted what the add-on is to be when it has succeeded
   * @param appliedBefore what EKS had applied before, null for nothing
   */
  record Update(String updateId, Wanted wanted, @Nullable ConfigurationValues appliedBefore)
      implements Operation {}

  /**
   * An update is taken back.
   *
   * @param failed whether because it failed; else because somebody undid it
   */
  record Undo(boolean failed) implements Operation {}

  /** The agents are taken from the cluster. */
  record Delete() implements Operation {}

  /**
   * What an update asks for.
   *
   * @param version the version
   * @param values the configuration values as they were given
   * @param role the role that the add-on does not use
   */
  record Wanted(AddonVersion version, Optional<String> values, Optional<RoleArn> role) {}
}
