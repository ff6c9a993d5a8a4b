package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A page of a list of associations, in the order of their namespaces and names.
 *
 * @param associations what the page holds; empty pages occur only at the end
 * @param nextToken what the next page is asked with; empty on the last one
 */
public record AssociationPage(
    List<PodIdentityAssociation> associations, Optional<String> nextToken) {
  /** A page. */
  public AssociationPage {
    associations = List.copyOf(associations);
    requireNonNull(nextToken, "nextToken");
  }
}
