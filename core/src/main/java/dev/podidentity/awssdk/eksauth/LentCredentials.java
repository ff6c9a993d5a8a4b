package dev.podidentity.awssdk.eksauth;

import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * A credentials provider that stays its owner's to close: a client of the AWS SDK closes the one
 * that it was given, if that can be closed. Thread-safe if the provider is.
 */
final class LentCredentials implements AwsCredentialsProvider {
  private final AwsCredentialsProvider owned;

  LentCredentials(AwsCredentialsProvider owned) {
    this.owned = owned;
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return owned.resolveCredentials();
  }

  @Override
  public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
    return owned.resolveIdentity(request);
  }

  @Override
  public Class<AwsCredentialsIdentity> identityType() {
    return owned.identityType();
  }

  @Override
  public String toString() {
    return owned.toString();
  }
}
