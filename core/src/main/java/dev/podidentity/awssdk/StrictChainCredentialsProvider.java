package dev.podidentity.awssdk;

import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * {@link PodIdentityCredentialsProvider#strictChain} for what is configured with the name of a
 * class, such as S3A, Iceberg and the Kinesis Client Library. Thread-safe.
 */
public final class StrictChainCredentialsProvider
    implements AwsCredentialsProvider, SdkAutoCloseable {
  private final AwsCredentialsProvider chain = PodIdentityCredentialsProvider.strictChain();

  /** The chain of this process' environment. */
  public StrictChainCredentialsProvider() {}

  /** The chain of this process' environment. */
  public static StrictChainCredentialsProvider create() {
    return new StrictChainCredentialsProvider();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return chain.resolveCredentials();
  }

  @Override
  public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
    return chain.resolveIdentity(request);
  }

  /** Drops what pod identity gave, as {@link PodIdentityCredentialsProvider#invalidate()}. */
  public void invalidate() {
    if (chain instanceof StrictChain strict) {
      strict.invalidate();
    }
  }

  @Override
  public void close() {
    if (chain instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }

  @Override
  public String toString() {
    return "StrictChainCredentialsProvider";
  }
}
