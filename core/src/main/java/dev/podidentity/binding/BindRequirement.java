package dev.podidentity.binding;

/** What it means when the agent cannot listen on an address. */
public enum BindRequirement {
  /** The agent does not start. */
  REQUIRED,
  /** The agent starts without it and says so. */
  OPTIONAL,
  /** The agent starts without it if the node does not have the address; else as required. */
  AUTOMATIC;

  /** Whether the agent may start although the address failed for this cause. */
  public boolean tolerates(BindFailure.Cause cause) {
    return switch (this) {
      case REQUIRED -> false;
      case OPTIONAL -> true;
      case AUTOMATIC ->
          cause == BindFailure.Cause.IPV6_OFF || cause == BindFailure.Cause.ADDRESS_ABSENT;
    };
  }
}
