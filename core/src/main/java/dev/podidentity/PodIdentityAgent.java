package dev.podidentity;

import static java.util.Objects.requireNonNull;

import dev.podidentity.binding.BindingRules;
import dev.podidentity.binding.IpLiteral;
import dev.podidentity.credential.AcceptedToken;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialCache;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.TokenFailures;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node agent without its HTTP: takes what a pod asks, and answers with temporary credentials or
 * with the reason why not. A request is held against the binding rules, its token is read and held
 * against the clock, its client against the request limits, and only then is the source asked.
 * Thread-safe.
 */
public final class PodIdentityAgent {
  private static final Logger log = LoggerFactory.getLogger(PodIdentityAgent.class);

  /** How far the clocks of the node and of the control plane may be apart: a minute. */
  public static final Duration DEFAULT_CLOCK_SKEW = Duration.ofMinutes(1);

  private static final int MAX_ECHOED_HOST = 255;

  private final BindingRules bindingRules;
  private final CredentialCache source;
  private final Clock clock;
  private final Ticker ticker;
  private final Duration clockSkew;
  private final AgentListener listener;
  private final RequestLimiter limiter;

  private PodIdentityAgent(Builder builder) {
    bindingRules = requireNonNull(builder.bindingRules, "bindingRules");
    source = CredentialCache.of(requireNonNull(builder.source, "source"));
    clock = builder.clock;
    ticker = builder.ticker;
    clockSkew = builder.clockSkew;
    listener = builder.listener;
    limiter = new RequestLimiter(builder.requestLimits);
  }

  /** Starts an agent; a source is required. */
  public static Builder builder() {
    return new Builder();
  }

  /** Where the agent listens, and which hosts it accepts. */
  public BindingRules bindingRules() {
    return bindingRules;
  }

  /**
   * Decides a request. May block as long as the source does.
   *
   * @return credentials of the pod that the token belongs to
   * @throws CredentialException in every other case, and no other exception
   */
  public TemporaryCredentials credentials(CredentialRequest request) {
    var decision = new Decision(request);
    try {
      TemporaryCredentials present = decision.admit();
      return decision.answered(
          present != null
              ? Issuance.cached(present)
              : source.fetch(decision.token(), ClientKey.at(request.client())));
    } catch (RuntimeException e) {
      throw decision.refused(e);
    }
  }

  /**
   * Decides a request without a thread that waits, where the source is a cache that can do so; with
   * another source, blocks as {@link #credentials} does.
   *
   * @param later runs what remains to be done once an answer that was waited for has come, the
   *     listener included
   * @return credentials, or a {@link CredentialException} in every other case; another exception
   *     only where {@code later} takes no task
   */
  public CompletableFuture<TemporaryCredentials> request(
      CredentialRequest request, Executor later) {
    var decision = new Decision(request);
    try {
      TemporaryCredentials present = decision.admit();
      if (present != null) {
        return CompletableFuture.completedFuture(decision.answered(Issuance.cached(present)));
      }
      var issuance = source.request(decision.token(), ClientKey.at(request.client()));
      return issuance.isDone()
          ? issuance.handle(decision::end)
          : issuance.handleAsync(decision::end, later);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(decision.refused(e));
    }
  }

  /** A request on its way from the first check to its end. */
  private final class Decision {
    private final CredentialRequest request;
    private final long start = ticker.read();
    private @Nullable ServiceAccountToken token;

    Decision(CredentialRequest request) {
      this.request = request;
    }

    ServiceAccountToken token() {
      return requireNonNull(token, "admitted first");
    }

    /** Checks all that the agent can check; the credentials, if the source has them already. */
    @Nullable TemporaryCredentials admit() {
      requireBound(request);
      AcceptedToken accepted = source.accepted(request.token()).orElse(null);
      ServiceAccountToken read = accepted != null ? accepted.token() : readable(request, start);
      token = read;
      limiter.admit(accepted != null ? accepted.client() : ClientKey.at(request.client()), start);
      requireAlive(read);
      return accepted == null ? null : accepted.credentials().orElse(null);
    }

    TemporaryCredentials end(@Nullable Issuance issuance, @Nullable Throwable failure) {
      if (issuance != null) {
        return answered(issuance);
      }
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      throw refused(
          cause instanceof CredentialException typed
              ? typed
              : new IllegalStateException("a source failed", cause));
    }

    TemporaryCredentials answered(Issuance issuance) {
      tell(() -> listener.answered(request, token(), issuance, since(start)));
      return issuance.credentials();
    }

    /** What the caller is told of a failure; the listener has been told then. */
    CredentialException refused(RuntimeException e) {
      CredentialException failure = e instanceof CredentialException typed ? typed : unexpected(e);
      ServiceAccountToken of = token;
      tell(
          () ->
              listener.refused(
                  new Refusal(
                      request,
                      Optional.ofNullable(of),
                      of != null && source.accepted(of.value()).isPresent(),
                      failure,
                      since(start))));
      return failure;
    }
  }

  private static CredentialException unexpected(RuntimeException e) {
    log.atError().setCause(e).log("Internal error of a credential source");
    return new CredentialException(
        FailureReason.UNEXPECTED,
        "The agent failed in a way that nobody foresaw: its log on this node has the cause");
  }

  private void requireBound(CredentialRequest request) {
    if (!bindingRules.accepts(request.targetHost())) {
      throw new CredentialException(
          FailureReason.HOST_NOT_ALLOWED,
          "The agent does not listen on "
              + printable(request.targetHost())
              + ": check AWS_CONTAINER_CREDENTIALS_FULL_URI and the proxy settings; the agent's"
              + " hosts are "
              + bindingRules.hosts().stream()
                  .map(host -> IpLiteral.format(host.address()))
                  .collect(Collectors.joining(" and ")));
    }
  }

  // A request without a readable token counts as much as any other.
  private ServiceAccountToken readable(CredentialRequest request, long now) {
    try {
      return token(request);
    } catch (CredentialException e) {
      limiter.admit(ClientKey.at(request.client()), now);
      throw e;
    }
  }

  private static ServiceAccountToken token(CredentialRequest request) {
    if (request.token().isEmpty()) {
      throw new CredentialException(
          FailureReason.MISSING_TOKEN,
          "The request has no service account token: send the text of the file that"
              + " AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names in the Authorization header");
    }
    try {
      return ServiceAccountToken.parse(request.token());
    } catch (InvalidTokenException e) {
      throw TokenFailures.toCredentialException(e);
    }
  }

  private void requireAlive(ServiceAccountToken token) {
    try {
      token.requireValidAt(clock.instant(), clockSkew);
    } catch (InvalidTokenException e) {
      throw TokenFailures.toCredentialException(e);
    }
  }

  private Duration since(long start) {
    return Duration.ofNanos(ticker.read() - start);
  }

  private void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("An agent listener failed");
    }
  }

  private static String printable(String host) {
    boolean shown =
        host.length() <= MAX_ECHOED_HOST && host.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return shown ? "'" + host + "'" : "the host that was named";
  }

  /** Collects the parts of an agent. Not thread-safe. */
  public static final class Builder {
    private BindingRules bindingRules = BindingRules.defaults();
    private @Nullable CredentialSource source;
    private Clock clock = Clock.systemUTC();
    private Ticker ticker = Ticker.system();
    private Duration clockSkew = DEFAULT_CLOCK_SKEW;
    private AgentListener listener = AgentListener.NONE;
    private RequestLimits requestLimits = RequestLimits.defaults();

    private Builder() {}

    /** Sets where the agent listens; {@link BindingRules#defaults} if not set. */
    public Builder bindingRules(BindingRules bindingRules) {
      this.bindingRules = requireNonNull(bindingRules, "bindingRules");
      return this;
    }

    /**
     * Sets where credentials come from. A {@link CredentialCache} has to be given itself, not
     * behind another source: only then does the agent know which tokens were accepted.
     */
    public Builder source(CredentialSource source) {
      this.source = requireNonNull(source, "source");
      return this;
    }

    /** Sets the clock that tokens are held against; the system's if not set. */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /** Sets what limits and durations are measured by; {@link Ticker#system} if not set. */
    public Builder ticker(Ticker ticker) {
      this.ticker = requireNonNull(ticker, "ticker");
      return this;
    }

    /** Sets how far a token's clock and this one may be apart; a minute if not set. */
    public Builder clockSkew(Duration clockSkew) {
      this.clockSkew = requireNonNull(clockSkew, "clockSkew");
      return this;
    }

    /** Sets how often a pod and the node may ask; {@link RequestLimits#defaults} if not set. */
    public Builder requestLimits(RequestLimits requestLimits) {
      this.requestLimits = requireNonNull(requestLimits, "requestLimits");
      return this;
    }

    /** Sets the listener that is told each decision; none if not set. */
    public Builder listener(AgentListener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /**
     * The agent.
     *
     * @throws NullPointerException if no source was set
     */
    public PodIdentityAgent build() {
      return new PodIdentityAgent(this);
    }
  }
}
