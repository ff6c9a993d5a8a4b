package dev.podidentity.addon;

/**
 * Why EKS does not do what is asked of an add-on.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAddon.html#API_UpdateAddon_Errors">
 *     UpdateAddon, errors</a>
 */
public enum AddonFailure {
  /** The add-on is there already, or something is under way with it. */
  RESOURCE_IN_USE("ResourceInUseException"),
  /** There is no such add-on, update or revision. */
  RESOURCE_NOT_FOUND("ResourceNotFoundException"),
  /** A parameter is not one that EKS takes. */
  INVALID_PARAMETER("InvalidParameterException"),
  /** The request makes no sense as things stand. */
  INVALID_REQUEST("InvalidRequestException"),
  /** What was decided cannot be kept. */
  SERVER("ServerException");

  private final String code;

  AddonFailure(String code) {
    this.code = code;
  }

  /** The name of EKS' exception. */
  public String code() {
    return code;
  }
}
