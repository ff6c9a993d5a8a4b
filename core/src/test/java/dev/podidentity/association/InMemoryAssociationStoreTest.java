package dev.podidentity.association;

class InMemoryAssociationStoreTest extends AssociationStoreContract {
  @Override
  AssociationStore open(AssociationStoreBuilder settings) {
    return settings.inMemory();
  }
}
