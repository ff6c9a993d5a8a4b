package dev.podidentity.addon;

/**
 * Why an update failed; those of EKS' codes that this add-on's updates have.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_ErrorDetail.html">
 *     ErrorDetail</a>
 */
public enum UpdateErrorCode {
  /** Agents did not get ready. */
  INSUFFICIENT_NUMBER_OF_REPLICAS("InsufficientNumberOfReplicas"),
  /** Values on the cluster were changed by somebody else. */
  CONFIGURATION_CONFLICT("ConfigurationConflict");

  private final String code;

  UpdateErrorCode(String code) {
    this.code = code;
  }

  /** The code as EKS writes it. */
  public String code() {
    return code;
  }
}
