package dev.podidentity.addon;

/** How an update stands. */
public enum UpdateStatus {
  /** It is being rolled out. */
  IN_PROGRESS("InProgress"),
  /** It did not come to its end; its errors say why, and what it had changed is undone. */
  FAILED("Failed"),
  /** Somebody undid the rollout, or deleted the add-on, before the update came to its end. */
  CANCELLED("Cancelled"),
  /** Every node has an agent of it. */
  SUCCESSFUL("Successful");

  private final String code;

  UpdateStatus(String code) {
    this.code = code;
  }

  /** The status as EKS writes it. */
  public String code() {
    return code;
  }
}
