package dev.podidentity.addon.configuration;

import java.util.Arrays;
import java.util.Optional;

/** The flags of the agent's {@code server} command that configuration values can give. */
enum AgentFlag {
  BIND_HOSTS("--bind-hosts", "-b"),
  PORT("--port", "-p"),
  PROBE_PORT("--probe-port"),
  METRICS_ADDRESS("--metrics-address"),
  METRICS_PORT("--metrics-port"),
  RETENTION("--max-credential-retention-before-renewal"),
  CACHE_SIZE("--max-cache-size"),
  SERVICE_QPS("--max-service-qps"),
  ROTATE_CREDENTIALS("--rotate-credentials"),
  ENDPOINT("--endpoint"),
  VERBOSITY("--verbosity", "-v");

  private final String longName;
  private final String usualName;

  AgentFlag(String name) {
    this(name, name);
  }

  AgentFlag(String longName, String usualName) {
    this.longName = longName;
    this.usualName = usualName;
  }

  String longName() {
    return longName;
  }

  /** The name that the user guide uses: the short one where there is one. */
  String usualName() {
    return usualName;
  }

  static Optional<AgentFlag> named(String name) {
    return Arrays.stream(values())
        .filter(flag -> flag.longName.equals(name) || flag.usualName.equals(name))
        .findFirst();
  }
}
