package dev.podidentity.addon;

/**
 * What becomes of values that somebody else changed on the cluster.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAddon.html">
 *     UpdateAddon</a>
 */
public enum ResolveConflicts {
  /** They are left alone, and what would change them fails. What holds where nothing is said. */
  NONE,
  /** The add-on's values take their place. */
  OVERWRITE,
  /**
   * They stay, and everything else is changed. When an add-on is created, it is as {@link #NONE}.
   */
  PRESERVE
}
