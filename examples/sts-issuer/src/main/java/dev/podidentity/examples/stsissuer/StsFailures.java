package dev.podidentity.examples.stsissuer;

import dev.podidentity.association.PodIdentityAssociation;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What STS says, as EKS Auth would say it to a pod. */
final class StsFailures {
  private static final int SERVER_ERROR = 500;

  private StsFailures() {}

  static CredentialException translate(SdkException e, PodIdentityAssociation association) {
    String subject =
        "service account "
            + association.serviceAccount()
            + " by association "
            + association.associationId();
    if (!(e instanceof AwsServiceException service)) {
      return new CredentialException(
          FailureReason.UNREACHABLE, "STS cannot be reached for " + subject, null, null, e);
    }
    FailureReason reason = reasonOf(service);
    return new CredentialException(
        reason, advice(reason) + ", for " + subject, service.requestId(), null, e);
  }

  private static FailureReason reasonOf(AwsServiceException e) {
    if (e.isThrottlingException()) {
      return FailureReason.THROTTLED;
    }
    if (e.statusCode() >= SERVER_ERROR) {
      return FailureReason.SERVICE_UNAVAILABLE;
    }
    return "AccessDenied".equals(e.awsErrorDetails().errorCode())
        ? FailureReason.ACCESS_DENIED
        : FailureReason.INVALID_REQUEST;
  }

  private static String advice(FailureReason reason) {
    return switch (reason) {
      case THROTTLED -> "STS throttles this account: try again later";
      case SERVICE_UNAVAILABLE -> "STS failed: try again";
      case ACCESS_DENIED ->
          "STS denied access: the role has to trust the issuer for sts:AssumeRole and"
              + " sts:TagSession, and a target role the association's role and external id";
      default ->
          "STS refused the request: if the packed policy is too large, disable session tags or"
              + " shorten the policy";
    };
  }
}
