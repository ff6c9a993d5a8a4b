package dev.podidentity.addon.configuration;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One thing that is wrong with configuration values.
 *
 * @param pointer where, as a JSON pointer (RFC 6901); empty for the whole text
 * @param found what is there; never the value of an environment variable
 * @param accepted what is taken there
 * @param nearest the key that a mistyped one is nearest to
 */
public record ConfigurationProblem(
    String pointer, String found, String accepted, Optional<String> nearest) {
  /** One problem. */
  public ConfigurationProblem {
    requireNonNull(pointer, "pointer");
    requireNonNull(found, "found");
    requireNonNull(accepted, "accepted");
    requireNonNull(nearest, "nearest");
  }

  /** The problem in one sentence. */
  public String message() {
    String where = pointer.isEmpty() ? "The values" : pointer;
    String hint = nearest.map(key -> " (did you mean '" + key + "'?)").orElse("");
    return where + ": found " + found + hint + ", accepted is " + accepted;
  }
}
