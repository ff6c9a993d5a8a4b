package dev.podidentity.credential.cache;

import dev.podidentity.token.PodRef;

/**
 * Knows which pods run on this node, so that credentials of pods that ended are not renewed. Asked
 * on the executor before each renewal; may block. What it throws counts as "present": in doubt a
 * pod keeps its credentials. Implementations are thread-safe.
 */
@FunctionalInterface
public interface PodPresence {
  /** Nobody knows: every pod counts as present. */
  PodPresence UNKNOWN = (namespace, pod) -> true;

  /**
   * Whether the pod may still be there.
   *
   * @param namespace the pod's namespace
   * @param pod its name and UID, from a token that was accepted
   * @return false only if the pod is known to be gone
   */
  boolean mayBePresent(String namespace, PodRef pod);
}
