package dev.podidentity.association;

/**
 * Why EKS does not do what is asked of an association.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html#API_CreatePodIdentityAssociation_Errors">
 *     CreatePodIdentityAssociation, errors</a>
 */
public enum AssociationFailure {
  /** The service account has an association already. */
  RESOURCE_IN_USE("ResourceInUseException"),
  /** There is no such association, or no such cluster. */
  RESOURCE_NOT_FOUND("ResourceNotFoundException"),
  /** A parameter is not one that EKS takes. */
  INVALID_PARAMETER("InvalidParameterException"),
  /** The request makes no sense as things stand. */
  INVALID_REQUEST("InvalidRequestException"),
  /** The cluster has as many associations as it may have. */
  RESOURCE_LIMIT_EXCEEDED("ResourceLimitExceededException"),
  /** The store itself failed. */
  SERVER("ServerException");

  private final String code;

  AssociationFailure(String code) {
    this.code = code;
  }

  /** The name of EKS' exception. */
  public String code() {
    return code;
  }
}
