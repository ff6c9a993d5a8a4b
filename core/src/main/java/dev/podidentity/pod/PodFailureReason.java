package dev.podidentity.pod;

/**
 * Why an application in a pod has no credentials. {@code docs/troubleshooting.md} explains each.
 */
public enum PodFailureReason {
  /** No endpoint is set, or one that credentials are never asked from. */
  NOT_CONFIGURED,
  /** The token file is missing, empty, not a file or not readable, or holds no token. */
  TOKEN_UNREADABLE,
  /** The token is past its expiry. */
  TOKEN_EXPIRED,
  /** The token is meant for somebody else than EKS Pod Identity. */
  TOKEN_WRONG_AUDIENCE,
  /** The agent cannot be connected to, does not answer in time, or hangs up. */
  AGENT_UNREACHABLE,
  /** The agent answers that it failed, or that it is not available. */
  AGENT_FAILED,
  /** The agent, or EKS Auth behind it, has been asked too often. */
  THROTTLED,
  /** The service account has no pod identity association. */
  NO_ASSOCIATION,
  /** The agent, or EKS Auth behind it, refuses the request. */
  REFUSED,
  /** The agent's answer does not hold usable credentials. */
  BAD_ANSWER,
  /** The credentials are of another account or role than expected. */
  WRONG_IDENTITY
}
