package dev.podidentity.addon;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One thing that is to be known of an add-on's health.
 *
 * @param code what kind of thing
 * @param message what it is and what to do; never a configuration value
 * @param resourceIds the nodes, roles or JSON pointers that it is about
 */
public record AddonIssue(AddonIssueCode code, String message, List<String> resourceIds) {
  /** An issue. */
  public AddonIssue {
    requireNonNull(code, "code");
    requireNonNull(message, "message");
    resourceIds = List.copyOf(resourceIds);
  }
}
