package dev.podidentity.credential;

import static java.util.Objects.requireNonNull;

/**
 * The association by which a pod got its credentials.
 *
 * @param arn the association's ARN
 * @param id the association's id
 */
public record AssociationRef(String arn, String id) {
  /** Names an association. */
  public AssociationRef {
    requireNonNull(arn, "arn");
    requireNonNull(id, "id");
  }
}
