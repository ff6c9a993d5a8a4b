package dev.podidentity.server.operations;

import static java.util.Objects.requireNonNull;

import dev.podidentity.schedule.Ticker;
import dev.podidentity.server.ServerLoad;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The two questions of a kubelet. <em>Health</em> (should this process be restarted?): it answers
 * on each of its own sockets, asked over plain sockets, in {@link #HEALTH_TIMEOUT} for all of them
 * together; whether AWS is there makes no difference. <em>Readiness</em> (can it do its work?): the
 * checks that were given.
 *
 * <p>Answers are kept for a second: a storm of probes is one probe. Thread-safe; to be shared by
 * all servers that show it.
 */
public final class Probes {
  /** How long all of the agent's sockets together may take to answer: 3 s. */
  public static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(3);

  private static final ServerLoad NO_LOAD = new ServerLoad(0, 0, 0, 0, 0, true);

  private static final Duration MEMORY = Duration.ofSeconds(1);

  private final Memoized<List<CheckResult>> health;
  private final Memoized<List<CheckResult>> readiness;

  private Probes(Builder builder) {
    List<ReadinessCheck> checks = List.copyOf(builder.checks);
    Supplier<List<InetSocketAddress>> addresses = builder.addresses;
    Duration timeout = builder.healthTimeout;
    Supplier<ServerLoad> load = builder.load;
    health = new Memoized<>(() -> askAll(addresses.get(), timeout, load), MEMORY, builder.ticker);
    readiness =
        new Memoized<>(() -> checks.stream().map(Probes::careful).toList(), MEMORY, builder.ticker);
  }

  /**
   * Starts probes.
   *
   * @param addresses the sockets that the process serves now, such as {@code
   *     PodIdentityServer::addresses}
   */
  public static Builder of(Supplier<List<InetSocketAddress>> addresses) {
    return new Builder(requireNonNull(addresses, "addresses"));
  }

  /** One result for each socket of the agent; none if it has none at the moment. */
  public List<CheckResult> health() {
    return health.get();
  }

  /** One result for each check. */
  public List<CheckResult> readiness() {
    return readiness.get();
  }

  // Each has its share of the time: one that hangs must not take it from the others.
  private static List<CheckResult> askAll(
      List<InetSocketAddress> addresses, Duration timeout, Supplier<ServerLoad> load) {
    var results = new ArrayList<CheckResult>();
    for (InetSocketAddress address : addresses) {
      results.add(SelfRequest.send(address, timeout.dividedBy(addresses.size()), load));
    }
    return List.copyOf(results);
  }

  @SuppressWarnings(
      "CatchingUnchecked") // a check is foreign code: an Error must not hide the others
  private static CheckResult careful(ReadinessCheck check) {
    try {
      return check.check();
    } catch (Throwable e) {
      return CheckResult.failed("check", "could not be made: " + e.getClass().getName());
    }
  }

  /** Collects what probes ask. Not thread-safe. */
  public static final class Builder {
    private final Supplier<List<InetSocketAddress>> addresses;
    private final List<ReadinessCheck> checks = new ArrayList<>();
    private Duration healthTimeout = HEALTH_TIMEOUT;
    private Ticker ticker = Ticker.system();
    private Supplier<ServerLoad> load = () -> NO_LOAD;

    private Builder(Supplier<List<InetSocketAddress>> addresses) {
      this.addresses = addresses;
    }

    /** Adds something without which the agent is not ready. */
    public Builder ready(ReadinessCheck check) {
      checks.add(requireNonNull(check, "check"));
      return this;
    }

    /**
     * Sets what shows that a server lives that does not answer in time: others' requests. Clients
     * that flood it must not have it restarted, which would empty its cache. If not set, a server
     * that does not answer counts as dead.
     *
     * @param load such as {@code PodIdentityServer::load}
     */
    public Builder load(Supplier<ServerLoad> load) {
      this.load = requireNonNull(load, "load");
      return this;
    }

    /** Sets how long the agent's sockets may take together; {@link #HEALTH_TIMEOUT} if not set. */
    public Builder healthTimeout(Duration healthTimeout) {
      this.healthTimeout = requireNonNull(healthTimeout, "healthTimeout");
      return this;
    }

    /** Sets what ages are measured by; {@link Ticker#system} if not set. */
    public Builder ticker(Ticker ticker) {
      this.ticker = requireNonNull(ticker, "ticker");
      return this;
    }

    /** The probes. */
    public Probes build() {
      return new Probes(this);
    }
  }
}
