package dev.podidentity.awssdk.eksauth;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.eksauth.EksAuthClient;

/**
 * Builds an {@link EksAuthClient} as an agent needs it: a call succeeds or fails within {@link
 * #CALL_BUDGET}, the proxy comes from the environment, and the node's credentials from the AWS
 * SDK's default chain without its container provider, so that the agent can never ask itself.
 *
 * <p>Not thread-safe; what it builds is. Building takes some hundred milliseconds: do it once.
 */
public final class EksAuthClients {
  /** How long connecting may take: 500 ms. */
  public static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

  /** How long one attempt may take: 1 s. */
  public static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(1);

  /** How long a call may take, with its second attempt: 2.5 s. */
  public static final Duration CALL_BUDGET = Duration.ofMillis(2_500);

  private static final int ATTEMPTS = 2;
  private static final Duration MIN_BACKOFF = Duration.ofMillis(50);
  private static final Duration MAX_BACKOFF = Duration.ofMillis(300);

  private @Nullable URI endpoint;
  private @Nullable Region region;
  private @Nullable AwsCredentialsProvider credentials;

  private EksAuthClients() {}

  /** Starts with the node's own region, credentials and endpoint. */
  public static EksAuthClients forNode() {
    return new EksAuthClients();
  }

  /** Sets another endpoint than the region's. */
  public EksAuthClients endpoint(URI endpoint) {
    this.endpoint = requireNonNull(endpoint, "endpoint");
    return this;
  }

  /** Sets the region; the AWS SDK's default chain if not set. */
  public EksAuthClients region(String region) {
    this.region = Region.of(region);
    return this;
  }

  /** Sets the credentials that requests are signed with, which stay their owner's to close. */
  public EksAuthClients credentials(AwsCredentialsProvider credentials) {
    this.credentials = requireNonNull(credentials, "credentials");
    return this;
  }

  /**
   * The client, for its owner to close.
   *
   * @throws SdkClientException if no region was set and none can be found
   */
  // Not transitive: an application that is a module must compile without the optional client.
  @SuppressWarnings("exports")
  public EksAuthClient build() {
    var client =
        EksAuthClient.builder()
            .credentialsProvider(credentials != null ? credentials : new NodeCredentials())
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(ATTEMPT_TIMEOUT)
                    .proxyConfiguration(
                        ProxyConfiguration.builder()
                            .useSystemPropertyValues(true)
                            .useEnvironmentVariablesValues(true)
                            .build()))
            .overrideConfiguration(
                override ->
                    override
                        .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                        .apiCallTimeout(CALL_BUDGET)
                        .retryStrategy(retries()));
    if (endpoint != null) {
      client.endpointOverride(endpoint);
    }
    return client.region(region != null ? region : nodeRegion()).build();
  }

  private static Region nodeRegion() {
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException e) {
      throw SdkClientException.create(
          "The AWS region of this node is not known: set AWS_REGION, or let the agent reach the"
              + " instance metadata service",
          e);
    }
  }

  // The SDK's own backoff on throttling is longer than any pod waits.
  private static StandardRetryStrategy retries() {
    BackoffStrategy backoff = BackoffStrategy.exponentialDelay(MIN_BACKOFF, MAX_BACKOFF);
    return StandardRetryStrategy.builder()
        .maxAttempts(ATTEMPTS)
        .backoffStrategy(backoff)
        .throttlingBackoffStrategy(backoff)
        .build();
  }
}
