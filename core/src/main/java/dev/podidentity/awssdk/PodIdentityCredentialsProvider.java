package dev.podidentity.awssdk;

import static java.util.Objects.requireNonNull;

import dev.podidentity.client.AgentTransport;
import dev.podidentity.client.ContainerSettings;
import dev.podidentity.client.Environment;
import dev.podidentity.client.HttpTransport;
import dev.podidentity.client.TokenCheck;
import dev.podidentity.http.TrustedCertificates;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Credentials of the pod that the application runs in, from the EKS Pod Identity Agent on its node.
 * Takes the place of the AWS SDK's {@code ContainerCredentialsProvider}:
 *
 * <pre>{@code
 * S3Client.builder().credentialsProvider(PodIdentityCredentialsProvider.create())
 * }</pre>
 *
 * <p>The first call waits for an agent that is not there yet, for at most {@link
 * #DEFAULT_STARTUP_BUDGET}. Later calls return at once what is held: it is renewed in the
 * background when it is an hour old, or 15 minutes before it expires (a little earlier, at random).
 * Only in the last two minutes callers wait for the renewal, for at most {@link
 * #DEFAULT_REFRESH_BUDGET}. Where renewing fails, what is held is used until it expires, and the
 * agent is asked again after 1 to 30 seconds. Expired credentials are never returned. Credentials
 * that have less than an hour to live when they are fetched are renewed in the same proportions.
 *
 * <p>Building reads the environment and does nothing else; it never fails for what it finds there.
 *
 * <p>Thread-safe. One instance serves all clients of an application, also after one of them has
 * closed it. Between fetches there is no thread, no timer and no connection. Waiting and fetching
 * do not pin a virtual thread's carrier.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">
 *     Container credentials provider</a>
 */
public final class PodIdentityCredentialsProvider
    implements AwsCredentialsProvider, SdkAutoCloseable {
  /** How long the first credentials are waited for: 30 s. */
  public static final Duration DEFAULT_STARTUP_BUDGET = Duration.ofSeconds(30);

  /** How long later ones are waited for: 5 s. */
  public static final Duration DEFAULT_REFRESH_BUDGET = Duration.ofSeconds(5);

  /** How long connecting to the agent may take: 1 s. */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** How long one request may take, connecting included: 3 s. */
  public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(3);

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LEAST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LEAST_OUTAGE = Duration.ofSeconds(1);
  private static final Duration FIRST_OUTAGE = Duration.ofSeconds(2);
  private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(30);

  private final RefreshingCredentials credentials;

  private PodIdentityCredentialsProvider(Builder builder) {
    var settings =
        new ContainerSettings(
            builder.environment,
            new TokenCheck(builder.clock),
            builder.endpoint,
            builder.tokenFile);
    var expected = new ExpectedIdentity(builder.expectedAccountId, builder.expectedRoleArn);
    var pauses = new Backoff(LEAST_PAUSE, FIRST_PAUSE, LONGEST_PAUSE, builder.random);
    Supplier<AgentTransport> transport = builder.transport();
    Clock clock = builder.clock;
    Duration requestTimeout = builder.requestTimeout;
    Ticker ticker = builder.ticker;
    credentials =
        new RefreshingCredentials(
            () ->
                new AgentFetch(
                    settings, transport.get(), clock, requestTimeout, expected, ticker, pauses),
            clock,
            ticker,
            builder.executor,
            builder.startupBudget,
            builder.refreshBudget,
            builder.grace,
            new Backoff(LEAST_OUTAGE, FIRST_OUTAGE, LONGEST_OUTAGE, builder.random),
            builder.random);
  }

  /**
   * A provider that reads what EKS sets in a pod, with all defaults.
   *
   * @throws IllegalStateException if the AWS SDK or Jackson on the class path is too old
   */
  public static PodIdentityCredentialsProvider create() {
    return builder().build();
  }

  /**
   * Starts a provider.
   *
   * @throws IllegalStateException if the AWS SDK or Jackson on the class path is too old
   */
  public static Builder builder() {
    SdkFeatures.require();
    return new Builder();
  }

  /**
   * A chain that looks where the AWS SDK's {@code DefaultCredentialsProvider} looks, in its order,
   * with one difference: in a pod with pod identity it never falls through to the role of the node.
   *
   * <p>Such a pod is one where {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} or {@code
   * AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE} is set when this is called. There, system properties,
   * environment variables, a web identity and the shared files still go first; then comes pod
   * identity with all defaults, and its {@link PodIdentityException} is the chain's. Everywhere
   * else the chain is a {@code DefaultCredentialsProvider}. Thread-safe; also {@link
   * SdkAutoCloseable}. {@link StrictChainCredentialsProvider} is the same under the name of a
   * class.
   *
   * <p>A provider that has answered is not left because it fails: the chain fails with it. Where
   * one before pod identity fails from the start, pod identity steps in, and those before it are
   * asked again after 30 seconds. Once closed, the chain still answers.
   */
  public static AwsCredentialsProvider strictChain() {
    return StrictChain.in(ProcessEnvironment.read(), PodIdentityCredentialsProvider::create);
  }

  /**
   * The pod's credentials, with their account where the agent tells it.
   *
   * @throws PodIdentityException if there are none
   * @throws software.amazon.awssdk.core.exception.AbortedException if the thread is interrupted
   *     while it waits
   */
  @Override
  public AwsCredentials resolveCredentials() {
    return credentials.get();
  }

  /**
   * The same as {@link #resolveCredentials} without waiting, unless the provider is closed. Never
   * throws: a failure completes the future.
   */
  @Override
  public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
    return credentials.getAsync().thenApply(AwsCredentialsIdentity.class::cast);
  }

  /**
   * Drops what is held: the next call fetches. For when sessions of the role were revoked, and for
   * what writes the process to a file (CRaC, SnapStart), where no credentials belong.
   */
  public void invalidate() {
    credentials.drop();
  }

  /**
   * Drops what is held if it has this access key, and was fetched more than 30 seconds ago: an
   * agent that is asked again sooner has no other. In the shape in which the AWS SDK tells a
   * provider that a service has refused its credentials.
   *
   * @return complete
   */
  public CompletableFuture<Void> invalidate(AwsCredentialsIdentity refused) {
    credentials.drop(refused.accessKeyId());
    return CompletableFuture.completedFuture(null);
  }

  /**
   * Ends what runs in the background. A client of the AWS SDK that is closed closes its provider,
   * and others may share it: so this still answers, and what has grown stale is then fetched on the
   * thread of the caller. Can be called twice.
   */
  @Override
  public void close() {
    credentials.close();
  }

  @Override
  public String toString() {
    return "PodIdentityCredentialsProvider";
  }

  /** Collects the settings of a provider. Not thread-safe. */
  public static final class Builder {
    private Environment environment = ProcessEnvironment.read();
    private @Nullable URI endpoint;
    private @Nullable Path tokenFile;
    private Clock clock = Clock.systemUTC();
    private Executor executor = Builder::runOnThreadOfItsOwn;
    private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
    private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
    private Duration startupBudget = DEFAULT_STARTUP_BUDGET;
    private Duration refreshBudget = DEFAULT_REFRESH_BUDGET;
    private Duration grace = GRACE;
    private @Nullable String expectedAccountId;
    private @Nullable String expectedRoleArn;
    private @Nullable Supplier<SSLSocketFactory> tls;
    private @Nullable Path caBundle;
    private @Nullable AgentTransport transport;
    private Ticker ticker = Ticker.system();
    private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

    private Builder() {}

    private static void runOnThreadOfItsOwn(Runnable task) {
      var thread = new Thread(task, "pod-identity-credentials");
      thread.setDaemon(true);
      thread.start();
    }

    /**
     * Sets what is read in place of the process' environment; variables that it does not hold are
     * not set.
     */
    public Builder environment(Map<String, String> variables) {
      this.environment = Environment.of(variables);
      return this;
    }

    /**
     * Sets where the agent is asked; what the environment says if not set. The same rules hold as
     * for the environment: an endpoint that breaks them makes each call fail.
     */
    public Builder endpoint(URI endpoint) {
      this.endpoint = requireNonNull(endpoint, "endpoint");
      return this;
    }

    /** Sets the file that the token is read from; what the environment says if not set. */
    public Builder tokenFile(Path tokenFile) {
      this.tokenFile = requireNonNull(tokenFile, "tokenFile");
      return this;
    }

    /** Sets the clock that tokens and credentials are held against; the system's if not set. */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Sets what runs fetches, one at a time, each for as long as its budget; a daemon thread for
     * each if not set. It stays its owner's to close. Threads that wait for credentials must not be
     * able to fill it.
     */
    public Builder executor(Executor executor) {
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Sets how long connecting may take; {@link #DEFAULT_CONNECT_TIMEOUT} if not set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder connectTimeout(Duration timeout) {
      this.connectTimeout = positive("connectTimeout", timeout);
      return this;
    }

    /**
     * Sets how long one request may take; {@link #DEFAULT_REQUEST_TIMEOUT} if not set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder requestTimeout(Duration timeout) {
      this.requestTimeout = positive("requestTimeout", timeout);
      return this;
    }

    /**
     * Sets how long the first credentials are tried for; {@link #DEFAULT_STARTUP_BUDGET} if not
     * set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder startupBudget(Duration budget) {
      this.startupBudget = positive("startupBudget", budget);
      return this;
    }

    /**
     * Sets how long later ones are tried for; {@link #DEFAULT_REFRESH_BUDGET} if not set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder refreshBudget(Duration budget) {
      this.refreshBudget = positive("refreshBudget", budget);
      return this;
    }

    /**
     * Sets a file of certificates in PEM by which an {@code https} endpoint is trusted as well,
     * beside the JVM's own, {@code AWS_CA_BUNDLE} and {@code SSL_CERT_FILE}. It is read at the
     * first request.
     */
    public Builder caBundle(Path caBundle) {
      this.caBundle = requireNonNull(caBundle, "caBundle");
      return this;
    }

    /**
     * Sets whom an {@code https} endpoint is trusted by, and nothing else; if not set, the JVM's
     * default, and the certificates of {@link #caBundle}, {@code AWS_CA_BUNDLE} and {@code
     * SSL_CERT_FILE}.
     */
    public Builder sslSocketFactory(SSLSocketFactory factory) {
      requireNonNull(factory, "factory");
      this.tls = () -> factory;
      return this;
    }

    /** Refuses credentials of any other account, or of one that the agent does not tell. */
    public Builder expectedAccountId(String accountId) {
      this.expectedAccountId = requireNonNull(accountId, "accountId");
      return this;
    }

    /**
     * Refuses credentials of another role: of any other account than the role's, and of any other
     * role where the agent tells it. The reference agent tells the account alone.
     */
    public Builder expectedRoleArn(String roleArn) {
      this.expectedRoleArn = requireNonNull(roleArn, "roleArn");
      return this;
    }

    Builder transport(AgentTransport transport) {
      this.transport = transport;
      return this;
    }

    Builder grace(Duration grace) {
      this.grace = grace;
      return this;
    }

    Builder ticker(Ticker ticker) {
      this.ticker = ticker;
      return this;
    }

    Builder random(DoubleSupplier random) {
      this.random = random;
      return this;
    }

    private Supplier<AgentTransport> transport() {
      AgentTransport given = transport;
      if (given != null) {
        return () -> given;
      }
      Duration timeout = connectTimeout;
      Supplier<SSLSocketFactory> trust = trust();
      return () -> new HttpTransport(timeout, trust);
    }

    private Supplier<SSLSocketFactory> trust() {
      if (tls != null) {
        return tls;
      }
      return caBundle == null
          ? TrustedCertificates.ofTheEnvironment(environment::variable)
          : TrustedCertificates.and("caBundle", caBundle, environment::variable);
    }

    private static Duration positive(String name, Duration duration) {
      if (duration.isZero() || duration.isNegative()) {
        throw new IllegalArgumentException(name + " must be positive, and is " + duration);
      }
      return duration;
    }

    /**
     * The provider, for its owner to close.
     *
     * @throws IllegalArgumentException if an expected account or role has not the form of one, or
     *     they contradict each other
     */
    public PodIdentityCredentialsProvider build() {
      return new PodIdentityCredentialsProvider(this);
    }
  }
}
