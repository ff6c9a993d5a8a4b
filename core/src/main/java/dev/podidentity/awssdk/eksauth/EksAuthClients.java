package dev.podidentity.awssdk.eksauth;

import static java.util.Objects.requireNonNull;

import dev.podidentity.http.TrustedCertificates;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eksauth.EksAuthClient;

/**
 * Builds an {@link EksAuthClient} as an agent needs it: a call succeeds or fails within its budget,
 * the proxy comes from the environment, and the node's credentials from the AWS SDK's default chain
 * without its container provider, so that the agent can never ask itself. A slow answer may use the
 * whole budget; a second attempt is made only where the connection failed. What else may be tried
 * again is the cache's decision.
 *
 * <p>Not thread-safe; what it builds is. Building takes some hundred milliseconds: do it once. What
 * makes the first build and the first call slow can be done beforehand, see {@link
 * EksAuthRehearsal}.
 */
public final class EksAuthClients {
  /** How long connecting may take: 500 ms. */
  public static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

  /** How long a call may take if not set otherwise, with its second attempt: 2.5 s. */
  public static final Duration CALL_BUDGET = Duration.ofMillis(2_500);

  private @Nullable URI endpoint;
  private @Nullable Region region;
  private @Nullable AwsCredentialsProvider credentials;
  private @Nullable Boolean fips;
  private @Nullable Path caBundle;
  private Duration callBudget = CALL_BUDGET;

  private EksAuthClients() {}

  /** Starts with the node's own region, credentials and endpoint. */
  public static EksAuthClients forNode() {
    return new EksAuthClients();
  }

  /**
   * Sets another endpoint than the region's; {@code AWS_ENDPOINT_URL_EKS_AUTH}, {@code
   * AWS_ENDPOINT_URL} or the profile's {@code endpoint_url} if not set.
   */
  public EksAuthClients endpoint(URI endpoint) {
    this.endpoint = requireNonNull(endpoint, "endpoint");
    return this;
  }

  /**
   * Sets the region; the AWS SDK's default chain if not set, in which {@code AWS_DEFAULT_REGION}
   * counts after {@code AWS_REGION}.
   */
  public EksAuthClients region(String region) {
    this.region = Region.of(region);
    return this;
  }

  /**
   * Sets whether the region's FIPS endpoint is asked; {@code AWS_USE_FIPS_ENDPOINT} or the
   * profile's {@code use_fips_endpoint} if not set. There is nothing to be set for dual stack: all
   * endpoints of EKS Auth have IPv4 and IPv6 addresses.
   */
  public EksAuthClients fips(boolean fips) {
    this.fips = fips;
    return this;
  }

  /**
   * Sets how long a call may take, with its second attempt; {@link #CALL_BUDGET} if not set.
   *
   * @throws IllegalArgumentException if it is not longer than zero
   */
  public EksAuthClients callBudget(Duration callBudget) {
    if (callBudget.isNegative() || callBudget.isZero()) {
      throw new IllegalArgumentException("callBudget is " + callBudget + ": write more than zero");
    }
    this.callBudget = callBudget;
    return this;
  }

  /**
   * Sets a file of certificates in PEM that are trusted beside the JVM's own and those of {@code
   * AWS_CA_BUNDLE} and {@code SSL_CERT_FILE}. Read when the client is built.
   */
  public EksAuthClients caBundle(Path caBundle) {
    this.caBundle = requireNonNull(caBundle, "caBundle");
    return this;
  }

  /** Sets the credentials that requests are signed with, which stay their owner's to close. */
  public EksAuthClients credentials(AwsCredentialsProvider credentials) {
    this.credentials = new LentCredentials(requireNonNull(credentials, "credentials"));
    return this;
  }

  /**
   * The client, for its owner to close. Where no endpoint was set and the region's name is not
   * known to the node's DNS, it asks by the name that ends in {@code amazonaws.com}, which some
   * private networks have instead.
   *
   * @throws SdkClientException if no region was set and none can be found, if both FIPS and an
   *     endpoint are asked for, or if the file of certificates cannot be read
   */
  // Not transitive: an application that is a module must compile without the optional client.
  @SuppressWarnings("exports")
  public EksAuthClient build() {
    return build(httpClient(callBudget, trusted(caBundle)));
  }

  /** The same client on another HTTP client, which it closes. */
  EksAuthClient build(SdkHttpClient.Builder<?> http) {
    var client =
        EksAuthClient.builder()
            .credentialsProvider(credentials != null ? credentials : NodeCredentials.defaultChain())
            .fipsEnabled(fips)
            .httpClientBuilder(http)
            .overrideConfiguration(
                override ->
                    override
                        .apiCallTimeout(callBudget)
                        .retryStrategy(SecondAttempt.strategy())
                        .defaultProfileFileSupplier(SharedFiles.ofTheNode()));
    if (endpoint != null) {
      client.endpointOverride(endpoint);
    }
    Region signedFor = region != null ? region : nodeRegion();
    return DnsNames.askedByBoth(
        consistent(SharedFiles.build(() -> client.region(signedFor).build())), signedFor);
  }

  /**
   * What the calls go over, for a node's other calls to AWS: {@link #CONNECT_TIMEOUT}, {@link
   * #CALL_BUDGET} for all of an attempt, answers of 128 KiB at most, and the proxy that {@code
   * HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} name, or the JVM's own properties, which
   * count first. A user and password in a proxy's URL are sent to it (Basic). Certificates in
   * {@code AWS_CA_BUNDLE} and {@code SSL_CERT_FILE} are trusted beside the JVM's own.
   */
  @SuppressWarnings("exports")
  public static SdkHttpClient.Builder<?> httpClient() {
    return httpClient(CALL_BUDGET, trusted(null));
  }

  /**
   * The same, with a file of certificates in PEM that are trusted as well.
   *
   * @throws SdkClientException if it cannot be read
   */
  @SuppressWarnings("exports")
  public static SdkHttpClient.Builder<?> httpClient(Path caBundle) {
    return httpClient(CALL_BUDGET, trusted(requireNonNull(caBundle, "caBundle")));
  }

  private static SdkHttpClient.Builder<?> httpClient(
      Duration budget, Supplier<SSLSocketFactory> tls) {
    return SocketHttpClient.builder(System.getenv(), CONNECT_TIMEOUT, budget, tls);
  }

  // Only a bundle is read at once: the JVM's own trust store takes long to load.
  private static Supplier<SSLSocketFactory> trusted(@Nullable Path caBundle) {
    if (caBundle == null) {
      return TrustedCertificates.ofTheEnvironment(System.getenv()::get);
    }
    var trusted = TrustedCertificates.and("--ca-bundle", caBundle, System.getenv()::get);
    try {
      SSLSocketFactory read = trusted.get();
      return () -> read;
    } catch (UncheckedIOException e) {
      throw SdkClientException.create(String.valueOf(e.getMessage()), e);
    }
  }

  // The AWS SDK would find out at the first call, and tell a pod.
  private EksAuthClient consistent(EksAuthClient client) {
    if (fipsAsked() && client.serviceClientConfiguration().endpointOverride().isPresent()) {
      client.close();
      throw SdkClientException.create(
          "Another endpoint than the region's cannot be asked together with its FIPS endpoint: set"
              + " AWS_ENDPOINT_URL_EKS_AUTH (or --endpoint) or AWS_USE_FIPS_ENDPOINT, not both");
    }
    return client;
  }

  private boolean fipsAsked() {
    return fips != null
        ? fips
        : SdkSystemSetting.AWS_USE_FIPS_ENDPOINT.getBooleanValue().orElse(false);
  }

  /**
   * The shared files as they are at each call, for a node's other clients of AWS: a line that is
   * not understood is left out, where the AWS SDK's own reader fails for all of the file.
   */
  @SuppressWarnings("exports")
  public static Supplier<ProfileFile> sharedFiles() {
    return SharedFiles.ofTheNode();
  }

  /**
   * Builds another client of AWS, with {@link #sharedFiles}, although the shared files hold a line
   * that the AWS SDK does not understand: it reads them itself when it builds a client. Where it
   * would fail, the system properties that name the files are changed while the client is built.
   */
  public static <T> T buildClient(Supplier<T> client) {
    return SharedFiles.build(requireNonNull(client, "client"));
  }

  /**
   * The region of this node, by the AWS SDK's default chain, in which {@code AWS_DEFAULT_REGION}
   * counts after {@code AWS_REGION}.
   *
   * @throws SdkClientException if it cannot be found
   */
  @SuppressWarnings("exports")
  public static Region nodeRegion() {
    try {
      return NodeRegion.chain(System.getenv()).getRegion();
    } catch (SdkClientException e) {
      throw SdkClientException.create(
          "The AWS region of this node is not known: set AWS_REGION, or let the agent reach the"
              + " instance metadata service",
          e);
    }
  }
}
