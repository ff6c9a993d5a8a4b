package dev.podidentity.credential.cache;

import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountToken;
import org.jspecify.annotations.Nullable;

/**
 * Whose entry it is: a pod's, or a token's where the token is bound to no pod. Anybody can claim
 * any key: what makes an entry answer is its token.
 *
 * @param ofPod whether {@code id} is a pod's UID rather than a token
 * @param cluster the issuer of the cluster's tokens
 * @param id the pod's UID, or the token
 */
record EntryKey(boolean ofPod, String cluster, String id) {
  static EntryKey of(ServiceAccountToken token) {
    @Nullable PodRef pod = token.pod().orElse(null);
    return pod == null
        ? new EntryKey(false, token.issuer(), token.value())
        : new EntryKey(true, token.issuer(), pod.uid());
  }

  @Override
  public String toString() {
    return "EntryKey[" + (ofPod ? "pod " + id : "a token without a pod") + "]";
  }
}
