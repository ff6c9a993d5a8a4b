package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountToken;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tags that EKS gives to a pod's role session. All of them are transitive: whatever role the
 * session assumes in turn has them too. Immutable.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html">Session tags of
 *     EKS Pod Identity</a>
 */
public final class SessionTags {
  /** The ARN of the cluster. */
  public static final String CLUSTER_ARN = "eks-cluster-arn";

  /** The name of the cluster. */
  public static final String CLUSTER_NAME = "eks-cluster-name";

  /** The namespace of the pod. */
  public static final String NAMESPACE = "kubernetes-namespace";

  /** The service account of the pod. */
  public static final String SERVICE_ACCOUNT = "kubernetes-service-account";

  /** The name of the pod. */
  public static final String POD_NAME = "kubernetes-pod-name";

  /** The UID of the pod. */
  public static final String POD_UID = "kubernetes-pod-uid";

  private static final SessionTags NONE = new SessionTags(Map.of());

  private final Map<String, String> byKey;

  private SessionTags(Map<String, String> byKey) {
    this.byKey = byKey;
  }

  /** No tags, for an association that disables them. */
  public static SessionTags none() {
    return NONE;
  }

  /**
   * The tags of the sessions that an association gives to a pod: none if it disables them.
   *
   * @param association the pod's association
   * @param token the pod's token, already verified; one that is bound to no pod lacks the two tags
   *     of the pod
   */
  public static SessionTags of(PodIdentityAssociation association, ServiceAccountToken token) {
    requireNonNull(token, "token");
    return association.disableSessionTags() ? NONE : of(association, token.pod().orElse(null));
  }

  /** What is known of the tags without a pod. */
  static SessionTags ofAnyPod(PodIdentityAssociation association) {
    return association.disableSessionTags() ? NONE : of(association, (PodRef) null);
  }

  private static SessionTags of(PodIdentityAssociation association, @Nullable PodRef pod) {
    var tags = new LinkedHashMap<String, String>();
    tags.put(CLUSTER_ARN, association.cluster().toString());
    tags.put(CLUSTER_NAME, association.clusterName());
    tags.put(NAMESPACE, association.serviceAccount().namespace());
    tags.put(SERVICE_ACCOUNT, association.serviceAccount().name());
    if (pod != null) {
      tags.put(POD_NAME, pod.name());
      tags.put(POD_UID, pod.uid());
    }
    return new SessionTags(Collections.unmodifiableMap(tags));
  }

  /** The tags by their keys; cannot be changed. */
  public Map<String, String> asMap() {
    return byKey;
  }

  /** The keys of those that a chained session has too: all of them. */
  public Set<String> transitiveKeys() {
    return byKey.keySet();
  }

  /**
   * How much of STS' packed policy these tags are likely to take.
   *
   * @param chained tags that the pod passes itself when it assumes another role
   * @param policy the session policy that goes with them
   */
  public PackedPolicyEstimate estimate(
      Map<String, String> chained, @Nullable SessionPolicy policy) {
    return PackedPolicyEstimate.of(this, chained, policy);
  }

  @Override
  public String toString() {
    return byKey.toString();
  }
}
