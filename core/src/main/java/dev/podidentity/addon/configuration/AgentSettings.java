package dev.podidentity.addon.configuration;

import static java.util.Objects.requireNonNull;

import dev.podidentity.binding.BindHost;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.binding.IpLiteral;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code agent.additionalArgs} sets of an agent. Immutable.
 *
 * @param bindHosts the addresses to listen on
 * @param port the port of the credential endpoint
 * @param probePort the port of the probes
 * @param metricsAddress the address of the metrics
 * @param metricsPort the port of the metrics
 * @param retention the age at which cached credentials are renewed; zero keeps none
 * @param maxCacheSize how many pods have cached credentials; zero keeps none
 * @param maxServiceQps renewals a second towards EKS Auth
 * @param rotateCredentials whether the agent's own credentials are read from the shared file
 * @param endpoint another EKS Auth endpoint than the region's
 * @param verbosity how much is logged, in the words of the reference agent
 */
public record AgentSettings(
    List<BindHost> bindHosts,
    int port,
    int probePort,
    String metricsAddress,
    int metricsPort,
    Duration retention,
    int maxCacheSize,
    int maxServiceQps,
    boolean rotateCredentials,
    Optional<URI> endpoint,
    String verbosity) {
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("--bind-hosts", BindingRules.DEFAULT_IPV4 + "," + BindingRules.DEFAULT_IPV6),
          Map.entry("--port", "80"),
          Map.entry("--probe-port", "2703"),
          Map.entry("--metrics-address", "0.0.0.0"),
          Map.entry("--metrics-port", "2705"),
          Map.entry("--max-credential-retention-before-renewal", "3h"),
          Map.entry("--max-cache-size", "2000"),
          Map.entry("--max-service-qps", "3"),
          Map.entry("--rotate-credentials", "false"),
          Map.entry("--endpoint", ""),
          Map.entry("--verbosity", "info"));

  /**
   * Checks that the addresses are ones that an agent can be given.
   *
   * @throws IllegalArgumentException if there are none, or one is named twice
   */
  public AgentSettings {
    bindHosts = BindingRules.of(bindHosts).hosts();
    requireNonNull(metricsAddress, "metricsAddress");
    requireNonNull(retention, "retention");
    requireNonNull(endpoint, "endpoint");
    requireNonNull(verbosity, "verbosity");
  }

  /** The settings of an agent that was given nothing. */
  public static AgentSettings defaults() {
    return parse(Map.of());
  }

  /** The addresses, as rules for an agent. */
  public BindingRules bindingRules() {
    return BindingRules.of(bindHosts);
  }

  /**
   * These settings with other addresses.
   *
   * @throws IllegalArgumentException if there are none, or one is named twice
   */
  public AgentSettings withBindHosts(List<BindHost> others) {
    return new AgentSettings(
        others,
        port,
        probePort,
        metricsAddress,
        metricsPort,
        retention,
        maxCacheSize,
        maxServiceQps,
        rotateCredentials,
        endpoint,
        verbosity);
  }

  /**
   * Reads flags, by any of their names.
   *
   * @throws IllegalArgumentException if a flag is unknown, given by two names, or its value none of
   *     its own; the message starts with the flag
   */
  static AgentSettings parse(Map<String, String> arguments) {
    var texts = new EnumMap<AgentFlag, String>(AgentFlag.class);
    arguments.forEach((name, value) -> put(texts, name, value));
    return new AgentSettings(
        read(texts, AgentFlag.BIND_HOSTS, AgentSettings::hosts),
        read(texts, AgentFlag.PORT, Integer::parseInt),
        read(texts, AgentFlag.PROBE_PORT, Integer::parseInt),
        read(texts, AgentFlag.METRICS_ADDRESS, AgentSettings::address),
        read(texts, AgentFlag.METRICS_PORT, Integer::parseInt),
        read(texts, AgentFlag.RETENTION, GoDuration::parse),
        read(texts, AgentFlag.CACHE_SIZE, Integer::parseInt),
        read(texts, AgentFlag.SERVICE_QPS, Integer::parseInt),
        read(texts, AgentFlag.ROTATE_CREDENTIALS, Boolean::parseBoolean),
        read(texts, AgentFlag.ENDPOINT, AgentSettings::endpoint),
        read(texts, AgentFlag.VERBOSITY, verbosity -> verbosity));
  }

  private static void put(Map<AgentFlag, String> texts, String name, String value) {
    AgentFlag flag =
        AgentFlag.named(name)
            .orElseThrow(() -> new IllegalArgumentException(name + ": is no flag of the agent"));
    if (texts.put(flag, value) != null) {
      throw new IllegalArgumentException(name + ": is given by two names: give one of them");
    }
  }

  private interface Reader<T> {
    T read(String text);
  }

  private static <T> T read(Map<AgentFlag, String> texts, AgentFlag flag, Reader<T> reader) {
    String text = texts.getOrDefault(flag, DEFAULTS.get(flag.longName()));
    try {
      return reader.read(requireNonNull(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(flag.usualName() + ": " + e.getMessage(), e);
    }
  }

  private static List<BindHost> hosts(String text) {
    return BindingRules.parse(Arrays.asList(text.split(",", -1))).hosts();
  }

  private static String address(String text) {
    return IpLiteral.parse(text)
        .map(IpLiteral::format)
        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an IP address"));
  }

  private static Optional<URI> endpoint(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(URI.create(text));
  }

  /**
   * The flags that differ from the defaults, by the names that the user guide uses: what {@code
   * agent.additionalArgs} has to be for these settings.
   */
  public Map<String, String> arguments() {
    AgentSettings defaults = defaults();
    var arguments = new LinkedHashMap<String, String>();
    for (AgentFlag flag : AgentFlag.values()) {
      if (!text(flag).equals(defaults.text(flag))) {
        arguments.put(flag.usualName(), text(flag));
      }
    }
    return arguments;
  }

  private String text(AgentFlag flag) {
    return switch (flag) {
      case BIND_HOSTS ->
          bindHosts.stream().map(BindHost::toString).collect(Collectors.joining(","));
      case PORT -> Integer.toString(port);
      case PROBE_PORT -> Integer.toString(probePort);
      case METRICS_ADDRESS -> metricsAddress;
      case METRICS_PORT -> Integer.toString(metricsPort);
      case RETENTION -> GoDuration.format(retention);
      case CACHE_SIZE -> Integer.toString(maxCacheSize);
      case SERVICE_QPS -> Integer.toString(maxServiceQps);
      case ROTATE_CREDENTIALS -> Boolean.toString(rotateCredentials);
      case ENDPOINT -> endpoint.map(URI::toString).orElse("");
      case VERBOSITY -> verbosity;
    };
  }
}
