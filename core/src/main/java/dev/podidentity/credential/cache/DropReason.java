package dev.podidentity.credential.cache;

/** Why the cache let go of a pod's credentials. */
public enum DropReason {
  /** Their life ran out before a renewal succeeded. */
  EXPIRED,
  /** Their life ran out, and nobody had asked for them since they were renewed. */
  UNWANTED,
  /** Their life ran out, and the pod's token before it: no renewal was possible. */
  TOKEN_EXPIRED,
  /** A renewal was refused: the pod is not to have them any more. */
  REFUSED,
  /** The pod is known to be gone. */
  POD_GONE,
  /** They were the least recently asked for when room was needed. */
  CACHE_FULL
}
