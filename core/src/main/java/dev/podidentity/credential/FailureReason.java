package dev.podidentity.credential;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Why there are no credentials: the nine errors of EKS Auth, and those that an agent has of its
 * own.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html">
 *     AssumeRoleForPodIdentity</a>
 */
public enum FailureReason {
  /** EKS Auth does not let this node's role, or this pod's role, be assumed. */
  ACCESS_DENIED("AccessDeniedException", false),
  /** The token is past its expiry. */
  EXPIRED_TOKEN("ExpiredTokenException", false),
  /** EKS Auth itself failed. */
  INTERNAL_SERVER("InternalServerException", true),
  /** A parameter is not one that EKS Auth takes. */
  INVALID_PARAMETER("InvalidParameterException", false),
  /** The request makes no sense to EKS Auth. */
  INVALID_REQUEST("InvalidRequestException", false),
  /** The token is no token, or not one of this cluster. */
  INVALID_TOKEN("InvalidTokenException", false),
  /** The service account has no association, or the cluster does not exist. */
  RESOURCE_NOT_FOUND("ResourceNotFoundException", false),
  /** EKS Auth is not available. */
  SERVICE_UNAVAILABLE("ServiceUnavailableException", true),
  /** EKS Auth has been asked too often by this account. */
  THROTTLED("ThrottlingException", true),

  /** The request was addressed to a host on which the agent does not listen. */
  HOST_NOT_ALLOWED("HostNotAllowedException", false),
  /** The request has no token. */
  MISSING_TOKEN("MissingTokenException", false),
  /** The agent cannot get AWS credentials of its own to ask EKS Auth with. */
  NODE_CREDENTIALS("NodeCredentialsException", true),
  /** EKS Auth did not answer in time. */
  TIMED_OUT("UpstreamTimeoutException", true),
  /** EKS Auth cannot be reached. */
  UNREACHABLE("UpstreamUnreachableException", true),
  /** The answer is not there yet; the call goes on, and the next request will find it. */
  PENDING("CredentialsPendingException", true),
  /** The agent has as many calls under way and waiting as it may. */
  OVERLOADED("AgentOverloadedException", true),
  /** The caller asks more often than it may. */
  TOO_MANY_REQUESTS("TooManyRequestsException", true),
  /** The agent is being stopped. */
  CLOSED("AgentClosedException", true),
  /** EKS Auth answered something that must not be handed to the pod. */
  INVALID_ANSWER("UpstreamAnswerException", true),
  /** Nobody foresaw this. */
  UNEXPECTED("InternalFailureException", true);

  static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

  private static final Set<FailureReason> EKS_AUTH = EnumSet.range(ACCESS_DENIED, THROTTLED);

  private final String code;
  private final boolean retryable;

  FailureReason(String code, boolean retryable) {
    this.code = code;
    this.retryable = retryable;
  }

  /**
   * The reason for an exception of EKS Auth.
   *
   * @param code the exception's name, such as {@code ThrottlingException}
   * @return empty for a name that is not one of the nine
   */
  public static Optional<FailureReason> ofEksAuth(String code) {
    return EKS_AUTH.stream().filter(reason -> reason.code.equals(code)).findFirst();
  }

  /** What error bodies and metrics call it: the name of EKS Auth's exception where it has one. */
  public String code() {
    return code;
  }

  /** Whether the same request may succeed a little later, with nothing changed by anybody. */
  public boolean retryable() {
    return retryable;
  }
}
