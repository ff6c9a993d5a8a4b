package dev.podidentity.association;

/** One step from what a store held to what it holds. */
sealed interface AssociationChange {
  /** The association is there from now on, in place of what had its id. */
  record Put(StoredAssociation stored) implements AssociationChange {}

  /** The association is gone. */
  record Delete(String associationId) implements AssociationChange {}
}
