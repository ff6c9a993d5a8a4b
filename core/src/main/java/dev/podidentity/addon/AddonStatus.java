package dev.podidentity.addon;

/**
 * Where an add-on is in its life.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html">Addon</a>
 */
public enum AddonStatus {
  /** Its first agents are being started. */
  CREATING,
  /** An agent is ready on every node. */
  ACTIVE,
  /**
   * It could not be put on the cluster. It becomes {@link #ACTIVE} if agents get ready on all nodes
   * after all; else it is updated or deleted.
   */
  CREATE_FAILED,
  /** An update is being rolled out, or undone. */
  UPDATING,
  /** The last update failed, and was undone as far as it had come. */
  UPDATE_FAILED,
  /** It was {@link #ACTIVE}, and agents that should run do not. */
  DEGRADED,
  /** Its agents are being stopped. */
  DELETING,
  /** Not all of its agents could be stopped. */
  DELETE_FAILED;

  /** Whether something is under way that ends by itself. */
  public boolean isTransient() {
    return this == CREATING || this == UPDATING || this == DELETING;
  }
}
