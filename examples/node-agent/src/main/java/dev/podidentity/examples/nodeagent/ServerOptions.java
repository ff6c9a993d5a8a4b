package dev.podidentity.examples.nodeagent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.Mixin;

/**
 * All flags of {@code server}, one class for each section of its help, which the name of the mixin
 * is the heading of. A new section is a class with options and a field here; nothing but {@link
 * NodeDaemon} reads it.
 */
final class ServerOptions {
  @Mixin(name = "Cluster and endpoint:")
  final ClusterOptions cluster = new ClusterOptions();

  @Mixin(name = "Configuration values:")
  final ConfigurationOptions configuration = new ConfigurationOptions();

  @Mixin(name = "Own credentials:")
  final OwnCredentialOptions ownCredentials = new OwnCredentialOptions();

  @Mixin(name = "Tokens and the API server:")
  final TokenOptions tokens = new TokenOptions();

  @Mixin(name = "Associations outside EKS:")
  final AssociationOptions associations = new AssociationOptions();

  @Mixin(name = "Instance metadata:")
  final MetadataOptions metadata = new MetadataOptions();

  @Mixin(name = "Addresses:")
  final AddressOptions addresses = new AddressOptions();

  @Mixin(name = "Cache and limits:")
  final CacheOptions cache = new CacheOptions();

  @Mixin(name = "Pods:")
  final PodLivenessOptions podLiveness = new PodLivenessOptions();

  @Mixin(name = "Probes:")
  final ProbeOptions probes = new ProbeOptions();

  @Mixin(name = "Metrics:")
  final MetricsOptions metrics = new MetricsOptions();

  @Mixin(name = "Stopping:")
  final StoppingOptions stopping = new StoppingOptions();

  /**
   * Refuses two listeners on one port.
   *
   * @throws BadFlagException if two flags name the same port where both are served
   */
  void requireDistinctPorts() {
    InetSocketAddress metricsAt = metrics.address();
    InetAddress address = metricsAt.getAddress();
    int port = metricsAt.getPort();
    boolean everywhere = address.isAnyLocalAddress();
    if (port != 0 && port == probes.probePort() && (everywhere || address.isLoopbackAddress())) {
      throw new BadFlagException(
          "--metrics-port", "is " + port + ", as is --probe-port: give them different ports");
    }
    if (port != 0 && port == addresses.port() && everywhere) {
      throw new BadFlagException(
          "--metrics-port", "is " + port + ", as is --port: give them different ports");
    }
  }
}
