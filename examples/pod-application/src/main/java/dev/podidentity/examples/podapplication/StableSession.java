package dev.podidentity.examples.podapplication;

import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Credentials of a session whose name stays the same. EKS names a pod's session anew at each fetch,
 * and services that compare names when a client authenticates again (Amazon MSK does) refuse the
 * new one. Assuming a role once more, with a name of one's own, keeps it.
 *
 * <p>The pod's role needs {@code sts:AssumeRole} and {@code sts:TagSession} on the role, which may
 * be itself, and the role must trust it for both: the pod's session tags are transitive. AWS limits
 * a session that another session assumed to an hour; the SDK renews it.
 */
final class StableSession {
  private StableSession() {}

  /**
   * Credentials that are renewed in the background, for their owner to close.
   *
   * @param sts a client that has the pod's credentials, which stays its owner's to close
   * @param roleArn the role to assume
   * @param sessionName 2 to 64 letters, digits and {@code =,.@-}
   */
  static StsAssumeRoleCredentialsProvider of(StsClient sts, String roleArn, String sessionName) {
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts)
        .refreshRequest(request -> request.roleArn(roleArn).roleSessionName(sessionName))
        .asyncCredentialUpdateEnabled(true)
        .build();
  }
}
