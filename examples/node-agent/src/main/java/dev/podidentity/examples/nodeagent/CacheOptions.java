package dev.podidentity.examples.nodeagent;

import dev.podidentity.RequestLimits;
import dev.podidentity.credential.cache.CacheSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How much is kept, and how often pods and EKS Auth are served and asked. */
final class CacheOptions {
  @Option(
      names = "--max-credential-retention-before-renewal",
      paramLabel = "DURATION",
      defaultValue = "3h",
      description =
          "The age at which cached credentials are renewed; 0 keeps none"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration retention = CacheSettings.defaults().retention();

  @Option(
      names = "--max-cache-size",
      paramLabel = "PODS",
      defaultValue = "2000",
      description =
          "How many pods have cached credentials; 0 for none (default: ${DEFAULT-VALUE}).")
  private int maxEntries;

  @Option(
      names = "--max-service-qps",
      paramLabel = "N",
      defaultValue = "3",
      description = "Renewals a second towards EKS Auth (default: ${DEFAULT-VALUE}).")
  private int renewalsPerSecond;

  @Option(
      names = "--pod-requests-per-second",
      paramLabel = "N",
      defaultValue = "200",
      description = "Requests a second of one pod; 0 for no limit (default: ${DEFAULT-VALUE}).")
  private int podRate;

  @Option(
      names = "--node-requests-per-second",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Requests a second of all pods; 0 for no limit (default: ${DEFAULT-VALUE}).")
  private int nodeRate;

  /**
   * The cache's settings.
   *
   * @throws BadFlagException if a number is out of its range
   */
  CacheSettings cacheSettings() {
    return CacheSettings.builder()
        .retention(retention)
        .maxEntries(BadFlagException.atLeast(0, "--max-cache-size", maxEntries))
        .renewalsPerSecond(BadFlagException.atLeast(1, "--max-service-qps", renewalsPerSecond))
        .build();
  }

  /**
   * The limits on requests; a burst is never smaller than its rate.
   *
   * @throws BadFlagException if a number is negative
   */
  RequestLimits requestLimits() {
    RequestLimits defaults = RequestLimits.defaults();
    return new RequestLimits(
        BadFlagException.atLeast(0, "--pod-requests-per-second", podRate),
        Math.max(podRate, defaults.podBurst()),
        BadFlagException.atLeast(0, "--node-requests-per-second", nodeRate),
        Math.max(nodeRate, defaults.nodeBurst()));
  }
}
