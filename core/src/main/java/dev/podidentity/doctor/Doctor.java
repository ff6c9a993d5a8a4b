package dev.podidentity.doctor;

import static java.util.Objects.requireNonNull;

import dev.podidentity.binding.BindHost;
import dev.podidentity.binding.BindRequirement;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.binding.IpLiteral;
import dev.podidentity.client.AgentClient;
import dev.podidentity.client.AgentEndpoint;
import dev.podidentity.client.AgentFailure;
import dev.podidentity.client.AgentTransport;
import dev.podidentity.client.ContainerSettings;
import dev.podidentity.client.Environment;
import dev.podidentity.client.HttpTransport;
import dev.podidentity.client.TokenCheck;
import dev.podidentity.doctor.Finding.Code;
import dev.podidentity.http.TrustedCertificates;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a pod gets credentials, or does not: the environment, the token, the way to the
 * agent, proxies, clocks, and what the agent answers. {@linkplain Builder#node On a node}: the
 * agent's addresses and its probes.
 *
 * <p>Asks the agent and, if told to, EKS Auth: each address once, and for credentials up to four
 * times if the agent says that it may help, with the pauses that it asks for and at most 5 seconds
 * between them. The token goes to the agent alone, by the rules by which a credentials provider
 * sends it, and only if it may be of use. What comes back is shown as account and expiry, never the
 * keys.
 *
 * <p>Thread-safe; keeps nothing between examinations.
 */
public final class Doctor {
  /** How long one request may take: 3 s. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

  private final Environment environment;
  private final Map<String, String> variables;
  private final Clock clock;
  private final FileSystem files;
  private final Duration timeout;
  private final Sleeper sleeper;
  private final @Nullable Node node;
  private final @Nullable AgentTransport transport;
  private final @Nullable URI eksAuth;

  private record Node(BindingRules addresses, int port, int probePort) {}

  private Doctor(Builder builder) {
    environment = Environment.of(builder.environment);
    variables = builder.environment;
    clock = builder.clock;
    files = builder.files;
    timeout = builder.timeout;
    sleeper = builder.sleeper;
    node = builder.node;
    transport = builder.transport;
    eksAuth = builder.eksAuth;
  }

  /** Starts a doctor. */
  public static Builder builder() {
    return new Builder();
  }

  /** Looks at everything there is, and waits for the answers. Fails for nothing that it finds. */
  public Diagnosis examine() {
    if (transport != null) {
      return examine(transport);
    }
    try (var own =
        new HttpTransport(timeout, TrustedCertificates.ofTheEnvironment(variables::get))) {
      return examine(own);
    }
  }

  private Diagnosis examine(AgentTransport over) {
    var findings = new Findings();
    var addresses =
        new AddressCheck(
            new AgentClient(over, clock), timeout, clock, findings, /* onNode= */ node != null);
    if (node == null) {
      examinePod(over, addresses, findings);
    } else {
      examineNode(node, over, addresses, findings);
    }
    return findings.diagnosis();
  }

  private void examinePod(AgentTransport over, AddressCheck addresses, Findings findings) {
    var settings = new ContainerSettings(environment, new TokenCheck(clock), files);
    Optional<AgentEndpoint> endpoint =
        new EnvironmentCheck(environment, files, findings).endpoint(settings);
    Optional<String> token = new PodTokenCheck(environment, clock, findings).token(settings);
    if (endpoint.isEmpty()) {
      return;
    }
    AgentEndpoint agent = endpoint.get();
    new ProxyCheck(environment, findings).check(agent);
    boolean answers = addresses.required(agent);
    otherAddress(agent).ifPresent(addresses::optional);
    if (answers && (token.isPresent() || isAskedWithoutToken())) {
      new CredentialsCheck(new AgentClient(over, clock), timeout, sleeper, clock, findings)
          .check(agent, token.orElse(null));
    }
  }

  // As on ECS.
  private boolean isAskedWithoutToken() {
    return environment.variable(Environment.RELATIVE_URI) != null
        && environment.variable(Environment.TOKEN_FILE) == null
        && environment.variable(Environment.TOKEN) == null;
  }

  // EKS puts its agent at two addresses and tells the pod one of them.
  private static Optional<AgentEndpoint> otherAddress(AgentEndpoint agent) {
    if (isAt(BindingRules.DEFAULT_IPV4, agent)) {
      return Optional.of(endpoint(BindingRules.DEFAULT_IPV6, agent.port(), "/"));
    }
    return isAt(BindingRules.DEFAULT_IPV6, agent)
        ? Optional.of(endpoint(BindingRules.DEFAULT_IPV4, agent.port(), "/"))
        : Optional.empty();
  }

  private static boolean isAt(String literal, AgentEndpoint agent) {
    return IpLiteral.parse(literal).equals(IpLiteral.parse(agent.host()));
  }

  private void examineNode(
      Node asked, AgentTransport over, AddressCheck addresses, Findings findings) {
    for (BindHost host : asked.addresses().hosts()) {
      try {
        var agent = endpoint(IpLiteral.format(host.address()), asked.port(), "/");
        if (host.requirement() == BindRequirement.REQUIRED) {
          addresses.required(agent);
        } else {
          addresses.optional(agent);
        }
      } catch (AgentFailure e) {
        findings.add(Code.ENDPOINT_REFUSED, e);
      }
    }
    var probes = new ProbeCheck(over, timeout, findings);
    probes.check(
        endpoint("127.0.0.1", asked.probePort(), "/healthz"),
        "see in the agent's log what failed; the kubelet restarts it if that lasts");
    probes.check(
        endpoint("127.0.0.1", asked.probePort(), "/readyz"),
        "see in the agent's log; with EKS Auth, its own credentials need"
            + " eks-auth:AssumeRoleForPodIdentity, and the network a way to it");
    if (eksAuth != null) {
      new EksAuthCheck(variables, timeout, findings).check(eksAuth);
    }
  }

  private static AgentEndpoint endpoint(String host, int port, String path) {
    return AgentEndpoint.parse("http://" + host + ":" + port + path, "The address " + host);
  }

  /** Collects what a doctor looks at. Not thread-safe. */
  public static final class Builder {
    private Map<String, String> environment = System.getenv();
    private Clock clock = Clock.systemUTC();
    private FileSystem files = FileSystems.getDefault();
    private Duration timeout = DEFAULT_TIMEOUT;
    private Sleeper sleeper = Sleeper.ofThread();
    private @Nullable Node node;
    private @Nullable AgentTransport transport;
    private @Nullable URI eksAuth;

    private Builder() {}

    /** Sets the environment variables; those of this process if not set. */
    public Builder environment(Map<String, String> variables) {
      this.environment = Map.copyOf(variables);
      return this;
    }

    /** Sets the clock that everything is held against; the system's if not set. */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /** Sets where the files are that the environment names; the default file system if not set. */
    public Builder files(FileSystem files) {
      this.files = requireNonNull(files, "files");
      return this;
    }

    /**
     * Sets how long one request may take; {@link #DEFAULT_TIMEOUT} if not set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder timeout(Duration timeout) {
      if (timeout.isZero() || timeout.isNegative()) {
        throw new IllegalArgumentException("timeout must be positive, and is " + timeout);
      }
      this.timeout = timeout;
      return this;
    }

    /**
     * Has the agent of this node examined, in place of the pod that this process runs in.
     *
     * @param addresses where it listens
     * @param port the port there
     * @param probePort the port of its probes, on localhost
     */
    public Builder node(BindingRules addresses, int port, int probePort) {
      this.node = new Node(requireNonNull(addresses, "addresses"), port, probePort);
      return this;
    }

    /**
     * Has the way from this node to EKS Auth examined, too: one request without a token and without
     * a signature, by the proxy that the environment names. Of a {@link #node} alone.
     *
     * @param endpoint where EKS Auth is
     */
    public Builder eksAuth(URI endpoint) {
      this.eksAuth = requireNonNull(endpoint, "endpoint");
      return this;
    }

    Builder sleeper(Sleeper sleeper) {
      this.sleeper = sleeper;
      return this;
    }

    Builder transport(AgentTransport transport) {
      this.transport = transport;
      return this;
    }

    /** The doctor. */
    public Doctor build() {
      return new Doctor(this);
    }
  }
}
