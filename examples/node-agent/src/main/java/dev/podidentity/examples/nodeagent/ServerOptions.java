package dev.podidentity.examples.nodeagent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.ArgGroup;

/**
 * All flags of {@code server}, one class for each section of its help. A new section is a class
 * with options and a field here; nothing but {@link NodeDaemon} reads it.
 */
final class ServerOptions {
  @ArgGroup(validate = false, order = 10, heading = "%nCluster and endpoint:%n")
  final ClusterOptions cluster = new ClusterOptions();

  @ArgGroup(validate = false, order = 12, heading = "%nConfiguration values:%n")
  final ConfigurationOptions configuration = new ConfigurationOptions();

  @ArgGroup(validate = false, order = 15, heading = "%nOwn credentials:%n")
  final OwnCredentialOptions ownCredentials = new OwnCredentialOptions();

  @ArgGroup(validate = false, order = 17, heading = "%nTokens and the API server:%n")
  final TokenOptions tokens = new TokenOptions();

  @ArgGroup(validate = false, order = 18, heading = "%nAssociations outside EKS:%n")
  final AssociationOptions associations = new AssociationOptions();

  @ArgGroup(validate = false, order = 19, heading = "%nInstance metadata:%n")
  final MetadataOptions metadata = new MetadataOptions();

  @ArgGroup(validate = false, order = 20, heading = "%nAddresses:%n")
  final AddressOptions addresses = new AddressOptions();

  @ArgGroup(validate = false, order = 30, heading = "%nCache and limits:%n")
  final CacheOptions cache = new CacheOptions();

  @ArgGroup(validate = false, order = 35, heading = "%nPods:%n")
  final PodLivenessOptions podLiveness = new PodLivenessOptions();

  @ArgGroup(validate = false, order = 40, heading = "%nProbes:%n")
  final ProbeOptions probes = new ProbeOptions();

  @ArgGroup(validate = false, order = 50, heading = "%nMetrics:%n")
  final MetricsOptions metrics = new MetricsOptions();

  @ArgGroup(validate = false, order = 60, heading = "%nStopping:%n")
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
