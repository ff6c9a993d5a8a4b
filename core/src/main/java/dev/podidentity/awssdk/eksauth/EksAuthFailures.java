package dev.podidentity.awssdk.eksauth;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.http.NetworkCause;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the AWS SDK throws when EKS Auth is asked, told to the owner of the pod. */
final class EksAuthFailures {
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;
  private static final String UNKNOWN_OPERATION = "UnknownOperationException";

  private static final String FAILED =
      "EKS Auth failed, asked for %s: try again; if it lasts, look at AWS' health dashboard";
  private static final String REQUEST_NOT_ACCEPTED =
      "EKS Auth did not accept the request for %s: check that the agent's cluster name and region"
          + " are right";
  private static final String UNREADABLE =
      "EKS Auth's answer for %s could not be read: try again; if it lasts, check what the agent's"
          + " --endpoint or proxy leads to";

  /** What is said of the reasons that EKS Auth's answers, or their absence, can have. */
  private static final Map<FailureReason, String> EXPLANATIONS =
      Map.ofEntries(
          Map.entry(
              FailureReason.RESOURCE_NOT_FOUND,
              "There is no pod identity association for %1$s: create one with 'aws eks"
                  + " create-pod-identity-association --cluster-name %2$s --namespace %3$s"
                  + " --service-account %4$s --role-arn ROLE', and check that the pod runs as that"
                  + " service account"),
          Map.entry(
              FailureReason.ACCESS_DENIED,
              "EKS Auth denied access for %s: the node's role needs"
                  + " eks-auth:AssumeRoleForPodIdentity, and the association's role must trust"
                  + " pods.eks.amazonaws.com for sts:AssumeRole and sts:TagSession"),
          Map.entry(
              FailureReason.EXPIRED_TOKEN,
              "EKS Auth says that the token has expired, of %s: read the token file again before"
                  + " each request"),
          Map.entry(
              FailureReason.INVALID_TOKEN,
              "EKS Auth did not accept the token of %s: check that the agent's cluster name is"
                  + " right and that the token's audience is "
                  + ServiceAccountToken.POD_IDENTITY_AUDIENCE),
          Map.entry(
              FailureReason.THROTTLED,
              "EKS Auth throttles this account, asked for %s: try again later; the agent slows down"
                  + " by itself, and other clusters of the account share the limit"),
          Map.entry(
              FailureReason.TIMED_OUT,
              "EKS Auth did not answer in time, asked for %1$s%5$s: try again; if it lasts, check the"
                  + " node's way to the eks-auth endpoint"),
          Map.entry(
              FailureReason.UNREACHABLE,
              "EKS Auth cannot be reached, asked for %1$s%5$s: check the node's DNS, proxy and"
                  + " routes; a private cluster needs the VPC endpoint eks-auth, and"
                  + " AWS_ENDPOINT_URL_EKS_AUTH or --endpoint where that has no private DNS name"),
          Map.entry(
              FailureReason.NODE_CREDENTIALS,
              "The agent has no AWS credentials of its own that EKS Auth takes, asked for %s: give"
                  + " the node a role, or credentials in its environment or shared files, and check"
                  + " its clock"),
          Map.entry(
              FailureReason.WRONG_ENDPOINT,
              "What answered in place of EKS Auth is something else, asked for %s: check what the"
                  + " agent's --endpoint, AWS_ENDPOINT_URL_EKS_AUTH, AWS_ENDPOINT_URL or proxy leads"
                  + " to"),
          Map.entry(FailureReason.INVALID_PARAMETER, REQUEST_NOT_ACCEPTED),
          Map.entry(FailureReason.INVALID_REQUEST, REQUEST_NOT_ACCEPTED),
          Map.entry(FailureReason.INTERNAL_SERVER, FAILED),
          Map.entry(FailureReason.SERVICE_UNAVAILABLE, FAILED));

  private final String clusterName;

  EksAuthFailures(String clusterName) {
    this.clusterName = clusterName;
  }

  CredentialException translate(SdkException e, ServiceAccountToken token) {
    FailureReason reason = reasonOf(e);
    String requestId = e instanceof AwsServiceException service ? service.requestId() : null;
    // The AWS SDK ends a call itself, too, and gives no cause then.
    Optional<String> why =
        NetworkCause.describe(e)
            .or(
                () ->
                    reason == FailureReason.TIMED_OUT
                        ? Optional.of("no whole answer came in time")
                        : Optional.empty());
    String message =
        explain(reason, token, why)
            + what(reason, e)
            + UpstreamText.quote(e, token)
            + requestIdSuffix(requestId);
    // A cause is printed wherever the failure is: not one that repeats the token.
    Throwable cause = UpstreamText.mayHoldSecrets(e, token) ? null : e;
    var failure = new CredentialException(reason, message, requestId, null, cause);
    return why.map(failure::withDetail).orElse(failure);
  }

  private static String what(FailureReason reason, SdkException e) {
    if (reason != FailureReason.WRONG_ENDPOINT) {
      return "";
    }
    if (e instanceof AwsServiceException service) {
      return ". It answered status " + service.statusCode();
    }
    HtmlReplyException page = cause(e, HtmlReplyException.class);
    return page == null ? "" : ". It answered " + page.getMessage();
  }

  static String requestIdSuffix(@Nullable String requestId) {
    return requestId == null ? "" : " (EKS Auth request id " + requestId + ")";
  }

  private static FailureReason reasonOf(SdkException e) {
    if (e instanceof AwsServiceException service) {
      return reasonOf(service);
    }
    if (hasCause(e, NodeCredentialsException.class)) {
      return FailureReason.NODE_CREDENTIALS;
    }
    if (hasCause(e, HtmlReplyException.class)) {
      return FailureReason.WRONG_ENDPOINT;
    }
    if (hasCause(e, ApiCallTimeoutException.class)
        || hasCause(e, ApiCallAttemptTimeoutException.class)
        || hasCause(e, SocketTimeoutException.class)) {
      return FailureReason.TIMED_OUT;
    }
    return NetworkCause.of(e).isPresent() || isOfTheNetwork(e)
        ? FailureReason.UNREACHABLE
        : FailureReason.INVALID_ANSWER;
  }

  // The AWS SDK's parser has exceptions of its own for answers that are no JSON: they are of the
  // same kind, and say nothing of the way to EKS Auth.
  private static boolean isOfTheNetwork(SdkException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return cause.getClass().getPackageName().startsWith("java");
      }
    }
    return false;
  }

  private static FailureReason reasonOf(AwsServiceException e) {
    var details = e.awsErrorDetails();
    @Nullable String named = details == null ? null : details.errorCode();
    String code = named == null ? "" : named.strip();
    var known = FailureReason.ofEksAuth(code);
    if (known.isPresent()) {
      return ofThePod(known.get(), e.statusCode());
    }
    if (e.isThrottlingException()) {
      return FailureReason.THROTTLED;
    }
    if (e.statusCode() >= SERVER_ERROR) {
      return FailureReason.SERVICE_UNAVAILABLE;
    }
    // What AWS says beside the nine is about the node's signature. Who names no error, or does not
    // know of the operation, is not EKS Auth. A pod loses nothing for either.
    boolean another =
        code.isEmpty() || code.equals(UNKNOWN_OPERATION) || e.statusCode() == NOT_FOUND;
    return another ? FailureReason.WRONG_ENDPOINT : FailureReason.NODE_CREDENTIALS;
  }

  // EKS Auth says 400 of the pod's token. The same names with 403 are AWS' for the session token
  // that the node signs with.
  private static FailureReason ofThePod(FailureReason reason, int status) {
    boolean ofAToken =
        reason == FailureReason.EXPIRED_TOKEN || reason == FailureReason.INVALID_TOKEN;
    return ofAToken && status != BAD_REQUEST ? FailureReason.NODE_CREDENTIALS : reason;
  }

  private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
    return cause(e, type) != null;
  }

  private static <T extends Throwable> @Nullable T cause(Throwable e, Class<T> type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  private String explain(FailureReason reason, ServiceAccountToken token, Optional<String> why) {
    return EXPLANATIONS
        .getOrDefault(reason, UNREADABLE)
        .formatted(
            "service account " + token.serviceAccount() + " in cluster " + clusterName,
            clusterName,
            token.serviceAccount().namespace(),
            token.serviceAccount().name(),
            why.map(cause -> ", since " + cause).orElse(""));
  }
}
