package dev.podidentity.server.local;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eksauth.EksAuthClient;

/** The AWS SDK's own clients, with nothing changed but the endpoint. */
final class Clients {
  static final String KEY_ID = "AKIA0LOCAL0CLIENT000";
  static final String SECRET = "LocalSecret/client";

  private Clients() {}

  static EksClient eks(URI endpoint) {
    return eks(endpoint, KEY_ID, SECRET);
  }

  static EksClient eks(URI endpoint, String keyId, String secret) {
    return EksClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_WEST_2)
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .credentialsProvider(credentials(keyId, secret))
        .build();
  }

  static EksAuthClient eksAuth(URI endpoint) {
    return EksAuthClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_WEST_2)
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .credentialsProvider(credentials(KEY_ID, SECRET))
        .build();
  }

  private static StaticCredentialsProvider credentials(String keyId, String secret) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(keyId, secret));
  }
}
