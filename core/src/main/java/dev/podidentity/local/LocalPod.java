package dev.podidentity.local;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountRef;

/**
 * A pod of a local cluster.
 *
 * @param serviceAccount the service account that it runs as
 * @param serviceAccountUid the service account's UID
 * @param pod its name and UID
 * @param nodeName the node that it runs on
 * @param nodeUid the node's UID
 */
public record LocalPod(
    ServiceAccountRef serviceAccount,
    String serviceAccountUid,
    PodRef pod,
    String nodeName,
    String nodeUid) {
  /** A pod. */
  public LocalPod {
    requireNonNull(serviceAccount, "serviceAccount");
    requireNonNull(serviceAccountUid, "serviceAccountUid");
    requireNonNull(pod, "pod");
    requireNonNull(nodeName, "nodeName");
    requireNonNull(nodeUid, "nodeUid");
  }
}
