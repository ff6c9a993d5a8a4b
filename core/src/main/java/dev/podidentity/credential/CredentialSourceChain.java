package dev.podidentity.credential;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks sources in order. The first answer that has life left wins; if there is none, the first one
 * whose life is over, where that is allowed. Otherwise the failure names what each source said, and
 * is final only if every source's was: as long as one may succeed later, so may the chain.
 * Thread-safe if its sources are.
 */
public final class CredentialSourceChain implements CredentialSource {
  private static final Logger log = LoggerFactory.getLogger(CredentialSourceChain.class);

  /** An answer must live longer than this to count as unexpired: 5 minutes. */
  public static final Duration DEFAULT_EXPIRY_SKEW = Duration.ofMinutes(5);

  private final Map<String, Link> sources;
  private final Clock clock;
  private final Duration expirySkew;
  private final boolean allowExpiring;

  /** A source, and the tokens that it is asked for. */
  private record Link(CredentialSource source, Predicate<ServiceAccountToken> concerns) {}

  private CredentialSourceChain(Builder builder) {
    sources = new LinkedHashMap<>(builder.sources);
    clock = builder.clock;
    expirySkew = builder.expirySkew;
    allowExpiring = builder.allowExpiring;
  }

  /** Starts a chain; at least one source is required. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public TemporaryCredentials fetch(ServiceAccountToken token) {
    TemporaryCredentials expiring = null;
    Map<String, CredentialException> failures = new LinkedHashMap<>();
    for (Map.Entry<String, Link> source : sources.entrySet()) {
      try {
        if (!source.getValue().concerns().test(token)) {
          continue;
        }
        TemporaryCredentials answer = source.getValue().source().fetch(token);
        Duration left = answer.remainingAt(clock.instant());
        if (left.compareTo(expirySkew) > 0) {
          return answer;
        }
        if (expiring == null && left.compareTo(Duration.ZERO) > 0) {
          expiring = answer;
        }
        failures.put(source.getKey(), tooOld(answer, left));
      } catch (CredentialException e) {
        failures.put(source.getKey(), e);
      } catch (RuntimeException e) {
        failures.put(source.getKey(), unforeseen(source.getKey(), e));
      }
    }
    return fallBack(expiring, failures);
  }

  private TemporaryCredentials fallBack(
      @Nullable TemporaryCredentials expiring, Map<String, CredentialException> failures) {
    if (expiring != null && allowExpiring) {
      return expiring;
    }
    throw failure(failures);
  }

  private static CredentialException tooOld(TemporaryCredentials answer, Duration left) {
    boolean over = left.compareTo(Duration.ZERO) <= 0;
    return new CredentialException(
        FailureReason.SERVICE_UNAVAILABLE,
        "Its credentials " + (over ? "expired at " : "expire at ") + answer.expiration());
  }

  private static CredentialException unforeseen(String name, RuntimeException e) {
    log.atError()
        .setCause(e)
        .addKeyValue("source", name)
        .log("A credential source failed in a way that nobody foresaw");
    return new CredentialException(
        FailureReason.UNEXPECTED, "The source failed: the log has the cause");
  }

  private static CredentialException failure(Map<String, CredentialException> failures) {
    if (failures.isEmpty()) {
      return new CredentialException(
          FailureReason.RESOURCE_NOT_FOUND, "No source has credentials for this service account");
    }
    List<CredentialException> all = List.copyOf(failures.values());
    CredentialException decisive =
        all.stream().filter(e -> e.reason().retryable()).findFirst().orElse(all.get(0));
    String message =
        failures.entrySet().stream()
            .map(
                failure ->
                    failure.getKey()
                        + ": "
                        + failure.getValue().reason().code()
                        + ": "
                        + failure.getValue().getMessage())
            .collect(Collectors.joining("; ", "No source has credentials. ", ""));
    var failure =
        new CredentialException(
            decisive.reason(),
            message,
            decisive.requestId().orElse(null),
            decisive.retryAfter().orElse(null),
            decisive);
    all.stream().filter(e -> e != decisive).forEach(failure::addSuppressed);
    return failure;
  }

  /** Collects the parts of a chain. Not thread-safe. */
  public static final class Builder {
    private final Map<String, Link> sources = new LinkedHashMap<>();
    private Clock clock = Clock.systemUTC();
    private Duration expirySkew = DEFAULT_EXPIRY_SKEW;
    private boolean allowExpiring;

    private Builder() {}

    /**
     * Adds a source behind those that are there.
     *
     * @param name what failures call it
     * @throws IllegalArgumentException if the name was used before
     */
    public Builder source(String name, CredentialSource source) {
      return source(name, source, token -> true);
    }

    /**
     * Adds a source behind those that are there, which is asked for some tokens only; for others it
     * is passed over, and failures do not name it.
     *
     * @param name what failures call it
     * @param concerns whether it is asked for a token; may block, and what it throws is a failure
     *     of the source
     * @throws IllegalArgumentException if the name was used before
     */
    public Builder source(
        String name, CredentialSource source, Predicate<ServiceAccountToken> concerns) {
      requireNonNull(name, "name");
      var link = new Link(requireNonNull(source, "source"), requireNonNull(concerns, "concerns"));
      if (sources.putIfAbsent(name, link) != null) {
        throw new IllegalArgumentException("the chain has a source '" + name + "' already");
      }
      return this;
    }

    /** Sets the time that expiries are held against; the system's if not set. */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /** Sets what an unexpired answer must live longer than; 5 minutes if not set. */
    public Builder expirySkew(Duration expirySkew) {
      this.expirySkew = requireNonNull(expirySkew, "expirySkew");
      return this;
    }

    /**
     * Sets whether credentials that live shorter than {@link #expirySkew} are answered where no
     * source has others; not if not set. What has expired is never answered: SDKs refuse it, or
     * sign with it in vain.
     */
    public Builder allowExpiring(boolean allowExpiring) {
      this.allowExpiring = allowExpiring;
      return this;
    }

    /**
     * The chain.
     *
     * @throws IllegalStateException if no source was added
     */
    public CredentialSourceChain build() {
      if (sources.isEmpty()) {
        throw new IllegalStateException("a chain needs at least one source");
      }
      return new CredentialSourceChain(this);
    }
  }
}
