package dev.podidentity.addon.rollout;

class InMemoryAddonStoreTest extends AddonStoreContract {
  private final AddonStore store = AddonStore.inMemory();

  @Override
  AddonStore open() {
    return store;
  }
}
