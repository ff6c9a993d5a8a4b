package dev.podidentity.awssdk;

import dev.podidentity.client.Environment;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What the default chain has before its container provider, then pod identity, then nothing. Not a
 * chain of the SDK's, which would lose the type and the reason of pod identity's failure.
 */
final class StrictChain implements AwsCredentialsProvider, SdkAutoCloseable {
  private final AwsCredentialsProviderChain before =
      AwsCredentialsProviderChain.builder()
          .credentialsProviders(
              SystemPropertyCredentialsProvider.create(),
              EnvironmentVariableCredentialsProvider.create(),
              WebIdentityTokenFileCredentialsProvider.create(),
              ProfileCredentialsProvider.create())
          .reuseLastProviderEnabled(true)
          .build();
  private final PodIdentityCredentialsProvider podIdentity;

  // As the default chain does: where credentials were found once, they are looked for again.
  private volatile boolean foundInPod;

  private StrictChain(PodIdentityCredentialsProvider podIdentity) {
    this.podIdentity = podIdentity;
  }

  static AwsCredentialsProvider in(
      Environment environment, Supplier<PodIdentityCredentialsProvider> podIdentity) {
    return environment.isPod()
        ? new StrictChain(podIdentity.get())
        : DefaultCredentialsProvider.builder().build();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return beforePodIdentity().orElseGet(() -> found(podIdentity.resolveCredentials()));
  }

  @Override
  public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
    return beforePodIdentity()
        .<CompletableFuture<AwsCredentialsIdentity>>map(CompletableFuture::completedFuture)
        .orElseGet(() -> podIdentity.resolveIdentity(request).thenApply(this::found));
  }

  private Optional<AwsCredentials> beforePodIdentity() {
    if (foundInPod) {
      return Optional.empty();
    }
    try {
      return Optional.of(before.resolveCredentials());
    } catch (SdkClientException e) {
      return Optional.empty();
    }
  }

  private <T extends AwsCredentialsIdentity> T found(T credentials) {
    foundInPod = true;
    return credentials;
  }

  @Override
  public void close() {
    before.close();
    podIdentity.close();
  }

  @Override
  public String toString() {
    return "PodIdentityCredentialsProvider.strictChain";
  }
}
