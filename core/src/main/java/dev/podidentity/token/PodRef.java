package dev.podidentity.token;

import static java.util.Objects.requireNonNull;

/**
 * The pod that a token is bound to.
 *
 * @param name the pod's name, unique in its namespace at any one time
 * @param uid the pod's UID, never used again in the cluster's life
 */
public record PodRef(String name, String uid) {
  /** Names a pod. */
  public PodRef {
    requireNonNull(name, "name");
    requireNonNull(uid, "uid");
  }
}
