package dev.podidentity.examples.nodeagent;

import picocli.CommandLine.ArgGroup;

/**
 * All flags of {@code server}, one class for each section of its help. A new section is a class
 * with options and a field here; nothing but {@link NodeDaemon} reads it.
 */
final class ServerOptions {
  @ArgGroup(validate = false, order = 10, heading = "%nCluster and endpoint:%n")
  final ClusterOptions cluster = new ClusterOptions();

  @ArgGroup(validate = false, order = 15, heading = "%nOwn credentials:%n")
  final OwnCredentialOptions ownCredentials = new OwnCredentialOptions();

  @ArgGroup(validate = false, order = 20, heading = "%nAddresses:%n")
  final AddressOptions addresses = new AddressOptions();

  @ArgGroup(validate = false, order = 30, heading = "%nCache and limits:%n")
  final CacheOptions cache = new CacheOptions();
}
