package dev.podidentity.awssdk.eksauth;

import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The AWS SDK's default chain without its container provider: an agent that asked that one would
 * ask itself.
 */
final class DefaultChain implements AwsCredentialsProvider, SdkAutoCloseable {
  private final SharedFiles files = SharedFiles.ofTheNode();
  private final NodeProfile profile = new NodeProfile(files);
  private final AwsCredentialsProviderChain chain =
      AwsCredentialsProviderChain.of(
          SystemPropertyCredentialsProvider.create(),
          EnvironmentVariableCredentialsProvider.create(),
          // It makes a client of STS.
          SharedFiles.build(WebIdentityTokenFileCredentialsProvider::create),
          profile,
          InstanceProfileCredentialsProvider.builder().profileFile(files).build());

  /** What is wrong with the shared files, with file and line; empty for nothing. */
  Optional<String> problem() {
    return profile.problem();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return chain.resolveCredentials();
  }

  @Override
  public void close() {
    chain.close();
  }
}
