package dev.podidentity.examples.nodeagent;

import dev.podidentity.awssdk.eksauth.EksAuthClients;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster the node belongs to, and whom the agent asks about it. */
final class ClusterOptions {
  @Option(
      names = {"-c", "--cluster-name"},
      paramLabel = "NAME",
      description = "The cluster that this node belongs to; required.")
  private String clusterName = "";

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description =
          "Another EKS Auth endpoint than the region's (default: what AWS_ENDPOINT_URL_EKS_AUTH or"
              + " AWS_ENDPOINT_URL names).")
  private @Nullable URI endpoint;

  @Option(
      names = "--use-fips-endpoint",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      description =
          "Whether the region's FIPS endpoint is asked (default: what AWS_USE_FIPS_ENDPOINT says).")
  private @Nullable Boolean fips;

  @Option(
      names = "--upstream-timeout",
      paramLabel = "DURATION",
      description =
          "How long a call to EKS Auth may take; a pod that asks again gets its answer"
              + " (default: 2.5s).")
  private @Nullable Duration timeout;

  @Option(
      names = "--ca-bundle",
      paramLabel = "FILE",
      description =
          "Certificates in PEM that AWS is trusted by as well, beside the JVM's own and those in"
              + " AWS_CA_BUNDLE and SSL_CERT_FILE.")
  private @Nullable Path caBundle;

  /**
   * Certificates that AWS is trusted by as well.
   *
   * @throws BadFlagException if the file cannot be read
   */
  Optional<Path> caBundle() {
    return Optional.ofNullable(caBundle).map(ClusterOptions::readable);
  }

  private static Path readable(Path caBundle) {
    if (!Files.isReadable(caBundle)) {
      throw new BadFlagException(
          "--ca-bundle", "names " + caBundle + ", which is not a file that can be read");
    }
    return caBundle;
  }

  /**
   * The cluster's name.
   *
   * @throws BadFlagException if there is none
   */
  String clusterName() {
    if (clusterName.isBlank()) {
      throw new BadFlagException(
          "--cluster-name", "is missing: name the EKS cluster that this node belongs to");
    }
    return clusterName;
  }

  /**
   * Refuses flags that say how EKS Auth is reached, where it is not asked.
   *
   * @throws BadFlagException if there is one
   */
  void requireNoEndpoint(String because) {
    if (endpoint != null) {
      throw new BadFlagException(
          "--endpoint", "does not go together with " + because + ": EKS Auth is not asked");
    }
    if (timeout != null) {
      throw new BadFlagException(
          "--upstream-timeout", "does not go together with " + because + ": EKS Auth is not asked");
    }
    if (fips != null) {
      throw new BadFlagException(
          "--use-fips-endpoint",
          "does not go together with " + because + ": set AWS_USE_FIPS_ENDPOINT for AWS STS");
    }
  }

  /**
   * How EKS Auth is reached.
   *
   * @throws BadFlagException if flags contradict each other
   */
  EksAuthClients eksAuth() {
    var clients = EksAuthClients.forNode();
    if (endpoint != null) {
      if (Boolean.TRUE.equals(fips)) {
        throw new BadFlagException(
            "--use-fips-endpoint", "does not go together with --endpoint: leave one of them out");
      }
      clients.endpoint(endpoint);
    }
    caBundle().ifPresent(clients::caBundle);
    if (fips != null) {
      clients.fips(fips);
    }
    if (timeout != null) {
      clients.callBudget(positive(timeout));
    }
    return clients;
  }

  private static Duration positive(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new BadFlagException(
          "--upstream-timeout", "is " + timeout + ": write more than zero, such as 2.5s");
    }
    return timeout;
  }
}
