package dev.podidentity.addon;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Why an update failed.
 *
 * @param code what kind of failure
 * @param message what failed and what to do; never a configuration value
 * @param resourceIds the nodes or JSON pointers that it is about
 */
public record UpdateError(UpdateErrorCode code, String message, List<String> resourceIds) {
  /** An error. */
  public UpdateError {
    requireNonNull(code, "code");
    requireNonNull(message, "message");
    resourceIds = List.copyOf(resourceIds);
  }
}
