package dev.podidentity.examples.podapplication;

import dev.podidentity.awssdk.PodIdentityCredentialsProvider;
import dev.podidentity.awssdk.PodIdentityException;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Prints who it is to AWS: as the pod's role, and, where a role and a session name are given, once
 * more as that role in a session whose name never changes.
 */
public final class PodApplication {
  private PodApplication() {}

  /**
   * Runs the application; region and endpoints come from the environment, as everywhere in the AWS
   * SDK.
   *
   * @param arguments nothing, or the ARN of a role and a session name
   */
  public static void main(String[] arguments) {
    try (var credentials = PodIdentityCredentialsProvider.create();
        var sts = StsClient.builder().credentialsProvider(credentials).build()) {
      System.out.println("pod: " + sts.getCallerIdentity().arn());
      if (arguments.length == 2) {
        try (var stable = StableSession.of(sts, arguments[0], arguments[1])) {
          System.out.println("stable session: " + callerOf(stable));
        }
      }
    } catch (PodIdentityException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static String callerOf(AwsCredentialsProvider credentials) {
    try (var sts = StsClient.builder().credentialsProvider(credentials).build()) {
      return sts.getCallerIdentity().arn();
    }
  }
}
