package dev.podidentity.association;

/**
 * Is told what becomes of a store's file through others. Called on the store's own thread; what it
 * throws is logged and goes no further.
 */
public interface AssociationStoreListener {
  /**
   * The file was changed by another process or an editor, and the store holds what it says.
   *
   * @param associations how many there are now
   */
  default void reloaded(int associations) {}

  /**
   * The file was damaged from outside. The store goes on with what it held before, and refuses
   * writes until the file is good again.
   *
   * @param damage what is wrong, where, and what to do
   */
  default void damaged(DamagedStoreException damage) {}
}
