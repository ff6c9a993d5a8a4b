package dev.podidentity.server;

import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;

/** What runs in a pod: knows the AWS SDK and its environment, and nothing of an agent. */
final class PodWithAwsSdk {
  private PodWithAwsSdk() {}

  /** Prints whose credentials it got, or how the SDK failed. */
  public static void main(String[] args) {
    try (var provider = ContainerCredentialsProvider.create()) {
      var credentials = (AwsSessionCredentials) provider.resolveCredentials();
      System.out.println("got " + credentials.accessKeyId());
    } catch (RuntimeException e) {
      System.out.println("failed " + e);
    }
  }
}
