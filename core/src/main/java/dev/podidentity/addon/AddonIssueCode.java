package dev.podidentity.addon;

/**
 * What kind of issue an add-on has.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonIssue.html">
 *     AddonIssue</a>
 */
public enum AddonIssueCode {
  /** Something is not allowed. */
  ACCESS_DENIED("AccessDenied"),
  /** EKS itself failed. */
  INTERNAL_FAILURE("InternalFailure"),
  /** The cluster cannot be reached. */
  CLUSTER_UNREACHABLE("ClusterUnreachable"),
  /** Nodes have no agent that is ready. */
  INSUFFICIENT_NUMBER_OF_REPLICAS("InsufficientNumberOfReplicas"),
  /** Values on the cluster are not the add-on's. */
  CONFIGURATION_CONFLICT("ConfigurationConflict"),
  /** The cluster refused an object. */
  ADMISSION_REQUEST_DENIED("AdmissionRequestDenied"),
  /** Something was asked for that the add-on does not do. */
  UNSUPPORTED_ADDON_MODIFICATION("UnsupportedAddonModification"),
  /** An object is missing on the cluster. */
  K8S_RESOURCE_NOT_FOUND("K8sResourceNotFound"),
  /** The account has no subscription to the add-on. */
  ADDON_SUBSCRIPTION_NEEDED("AddonSubscriptionNeeded"),
  /** The add-on's role lacks permissions. */
  ADDON_PERMISSION_FAILURE("AddonPermissionFailure");

  private final String code;

  AddonIssueCode(String code) {
    this.code = code;
  }

  /** The code as EKS writes it. */
  public String code() {
    return code;
  }
}
