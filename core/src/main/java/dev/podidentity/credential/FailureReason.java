package dev.podidentity.credential;

import static dev.podidentity.credential.FailureReason.Trait.COUNTS_AGAINST_CLIENT;
import static dev.podidentity.credential.FailureReason.Trait.ENDS_RENEWALS;
import static dev.podidentity.credential.FailureReason.Trait.MISUSE;
import static dev.podidentity.credential.FailureReason.Trait.PASSING;
import static dev.podidentity.credential.FailureReason.Trait.RETRYABLE;
import static dev.podidentity.credential.FailureReason.Trait.TRANSIENT;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Why there are no credentials: the nine errors of EKS Auth, and the agent's own. Each reason knows
 * what follows from it, so that a new one is added here and on the page {@code
 * docs/troubleshooting.md}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html">
 *     AssumeRoleForPodIdentity</a>
 */
public enum FailureReason {
  /** EKS Auth does not let this node's role, or this pod's role, be assumed. */
  ACCESS_DENIED("AccessDeniedException", 400, Fault.SETUP, ENDS_RENEWALS),
  /** The token is past its expiry. */
  EXPIRED_TOKEN("ExpiredTokenException", 400, Fault.POD, ENDS_RENEWALS),
  /** EKS Auth itself failed. */
  INTERNAL_SERVER("InternalServerException", 500, Fault.SOURCE, RETRYABLE, TRANSIENT),
  /** EKS Auth does not accept a parameter. */
  INVALID_PARAMETER("InvalidParameterException", 400, Fault.SETUP, COUNTS_AGAINST_CLIENT),
  /** The request makes no sense to EKS Auth, or to the agent. */
  INVALID_REQUEST("InvalidRequestException", 400, Fault.POD, COUNTS_AGAINST_CLIENT, MISUSE),
  /** The token is malformed, or not one of this cluster. */
  INVALID_TOKEN("InvalidTokenException", 400, Fault.POD, ENDS_RENEWALS, COUNTS_AGAINST_CLIENT),
  /** The service account has no association, or the cluster does not exist. */
  RESOURCE_NOT_FOUND("ResourceNotFoundException", 404, Fault.SETUP, ENDS_RENEWALS),
  /** EKS Auth is not available. */
  SERVICE_UNAVAILABLE("ServiceUnavailableException", 503, Fault.SOURCE, RETRYABLE, TRANSIENT),
  // A client whose calls are throttled counts as one that makes too many.
  /** This account calls EKS Auth too often. */
  THROTTLED("ThrottlingException", 503, Fault.SOURCE, RETRYABLE, TRANSIENT, COUNTS_AGAINST_CLIENT),

  /** The request was addressed to a host on which the agent does not listen. */
  HOST_NOT_ALLOWED("HostNotAllowedException", 403, Fault.POD, MISUSE),
  /** The request has no token. */
  MISSING_TOKEN("MissingTokenException", 400, Fault.POD),
  /** The agent has no AWS credentials of its own to call EKS Auth with. */
  NODE_CREDENTIALS("NodeCredentialsException", 503, Fault.NODE, RETRYABLE, TRANSIENT),
  /** EKS Auth did not answer in time. */
  TIMED_OUT("UpstreamTimeoutException", 503, Fault.SOURCE, RETRYABLE, TRANSIENT),
  /** EKS Auth cannot be reached. */
  UNREACHABLE("UpstreamUnreachableException", 503, Fault.SOURCE, RETRYABLE, TRANSIENT),
  /** The answer is not there yet; the call goes on, and the next request will find it. */
  PENDING("CredentialsPendingException", 503, Fault.AGENT, RETRYABLE, PASSING),
  /** The agent has as many calls under way and waiting as it may. */
  OVERLOADED("AgentOverloadedException", 503, Fault.AGENT, RETRYABLE),
  // The AWS SDK for Java never tries again after 429, which suits a client that is too fast.
  /** The caller asks more often than it may. */
  TOO_MANY_REQUESTS("TooManyRequestsException", 429, Fault.POD, RETRYABLE, MISUSE),
  /** The agent is being stopped. */
  CLOSED("AgentClosedException", 503, Fault.AGENT, RETRYABLE, PASSING),
  /** EKS Auth answered something that must not be handed to the pod. */
  INVALID_ANSWER("UpstreamAnswerException", 503, Fault.SOURCE, RETRYABLE, TRANSIENT),
  /** What answered where EKS Auth should be is something else. */
  WRONG_ENDPOINT("UpstreamEndpointException", 503, Fault.SOURCE, RETRYABLE),
  /** Internal error: something threw what it does not declare, as a rule the source. */
  UNEXPECTED("InternalFailureException", 500, Fault.SOURCE, RETRYABLE);

  /** Whose fault a failure is, and so who has to change something. */
  public enum Fault {
    /** The pod sent something wrong, or sends too much. */
    POD,
    /** The association, its role or the cluster's name is wrong. The source works. */
    SETUP,
    /** The node has no AWS credentials that let it ask. */
    NODE,
    /** The source failed, or the way to it. */
    SOURCE,
    /** The agent is busy, or being stopped. */
    AGENT
  }

  enum Trait {
    RETRYABLE,
    TRANSIENT,
    ENDS_RENEWALS,
    COUNTS_AGAINST_CLIENT,
    MISUSE,
    PASSING
  }

  static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

  private static final Set<FailureReason> EKS_AUTH = EnumSet.range(ACCESS_DENIED, THROTTLED);

  private final String code;
  private final int httpStatus;
  private final Fault fault;
  private final boolean retryable;
  private final boolean transientFailure;
  private final boolean endsRenewals;
  private final boolean countsAgainstClient;
  private final boolean misuse;
  private final boolean passing;

  FailureReason(String code, int httpStatus, Fault fault, Trait... traits) {
    this.code = code;
    this.httpStatus = httpStatus;
    this.fault = fault;
    Set<Trait> all = Set.of(traits);
    this.retryable = all.contains(RETRYABLE);
    this.transientFailure = all.contains(TRANSIENT);
    this.endsRenewals = all.contains(ENDS_RENEWALS);
    this.countsAgainstClient = all.contains(COUNTS_AGAINST_CLIENT);
    this.misuse = all.contains(MISUSE);
    this.passing = all.contains(PASSING);
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

  /** Its name in error bodies and metrics: that of EKS Auth's exception where it has one. */
  public String code() {
    return code;
  }

  /** The HTTP status of the agent's answer. */
  public int httpStatus() {
    return httpStatus;
  }

  /** Whose fault it is. */
  public Fault fault() {
    return fault;
  }

  /** Whether the same request may succeed a little later without any change. */
  public boolean retryable() {
    return retryable;
  }

  /**
   * Whether another call to the source may succeed within seconds: the cache goes on trying while
   * the client waits.
   */
  public boolean isTransient() {
    return transientFailure;
  }

  /** Whether a renewal that fails so takes the credentials away: the pod may have no more. */
  public boolean endsRenewals() {
    return endsRenewals;
  }

  /**
   * Whether a call that fails so counts against the client that sent the token. Forged tokens of
   * one pod must not use up the calls of the whole account.
   */
  public boolean countsAgainstClient() {
    return countsAgainstClient;
  }

  /** Whether no SDK sends such a request: the server closes its connection. */
  public boolean isMisuse() {
    return misuse;
  }

  /**
   * Whether an operator should look at it, so that it is logged as a warning. The owner of a pod
   * sees the pod's own faults anyway, and what belongs to normal operation passes.
   */
  public boolean concernsOperator() {
    return fault != Fault.POD && !passing;
  }
}
