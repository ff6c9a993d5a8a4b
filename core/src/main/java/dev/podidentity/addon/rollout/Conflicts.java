package dev.podidentity.addon.rollout;

import dev.podidentity.addon.AddonIssue;
import dev.podidentity.addon.AddonIssueCode;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.UpdateError;
import dev.podidentity.addon.UpdateErrorCode;
import dev.podidentity.addon.UpdateStatus;
import dev.podidentity.addon.configuration.ConfigurationValues;
import java.time.Instant;
import java.util.List;

/** What becomes of values that others changed on the cluster. */
final class Conflicts {
  private Conflicts() {}

  /** Values with those of others in the places that others changed. */
  static ConfigurationValues preserved(DaemonSet there, ConfigurationValues desired) {
    ConfigurationValues current = there.target().template().values();
    ConfigurationValues merged = desired;
    for (String pointer : there.outside().orElseGet(() -> current.differences(desired))) {
      merged = merged.with(pointer, current);
    }
    return merged;
  }

  /** An update that was refused before anything was rolled out. */
  static AddonState failed(AddonState state, String updateId, List<String> pointers, Instant now) {
    var error =
        new UpdateError(UpdateErrorCode.CONFIGURATION_CONFLICT, message(pointers), pointers);
    return state
        .changingUpdate(updateId, update -> update.ended(UpdateStatus.FAILED, now, List.of(error)))
        .withStatus(AddonStatus.UPDATE_FAILED, now)
        .withFailure(List.of(issue(pointers)));
  }

  static AddonIssue issue(List<String> pointers) {
    return new AddonIssue(AddonIssueCode.CONFIGURATION_CONFLICT, message(pointers), pointers);
  }

  private static String message(List<String> pointers) {
    return "Values were changed on the cluster at "
        + String.join(", ", pointers)
        + ": ask with OVERWRITE to replace them, or update with PRESERVE to keep them";
  }
}
