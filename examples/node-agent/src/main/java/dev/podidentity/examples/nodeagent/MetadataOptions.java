package dev.podidentity.examples.nodeagent;

import dev.podidentity.imds.InstanceMetadataCredentialSource;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.TokenVerifier;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Pod credentials that AWS delivers through the instance metadata service. */
final class MetadataOptions {
  private static final String METADATA = "--instance-metadata";
  private static final String ENDPOINT = "--instance-metadata-endpoint";

  @Option(
      names = METADATA,
      paramLabel = "auto|on|off",
      defaultValue = "auto",
      description =
          "Ask the instance metadata service for a pod's credentials first, where it offers them;"
              + " auto: where tokens can be verified and AWS_EC2_METADATA_DISABLED is not true"
              + " (default: ${DEFAULT-VALUE}).")
  private Switch metadata = Switch.AUTO;

  @Option(
      names = ENDPOINT,
      paramLabel = "URL",
      description =
          "Where that service is (default: AWS_EC2_METADATA_SERVICE_ENDPOINT, or"
              + " http://169.254.169.254).")
  private @Nullable URI endpoint;

  /**
   * The source; empty if it is not to be asked.
   *
   * @throws BadFlagException if it is asked for, and tokens are not verified
   */
  Optional<InstanceMetadataCredentialSource> source(
      Optional<TokenVerifier> verifier, Map<String, String> environment) {
    if (metadata == Switch.OFF || (metadata == Switch.AUTO && isDisabled(environment))) {
      return Optional.empty();
    }
    if (metadata == Switch.ON && verifier.isEmpty()) {
      throw new BadFlagException(
          METADATA,
          "is on, and tokens are not verified: only a verified token says whose credentials may be"
              + " answered; see --token-verification");
    }
    return verifier.map(
        trusted ->
            InstanceMetadataCredentialSource.of(trusted, endpoint(environment), Ticker.system()));
  }

  private static boolean isDisabled(Map<String, String> environment) {
    return environment.getOrDefault("AWS_EC2_METADATA_DISABLED", "").equalsIgnoreCase("true");
  }

  private URI endpoint(Map<String, String> environment) {
    URI given = endpoint;
    if (given == null) {
      String variable = environment.getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT", "");
      given =
          variable.isEmpty()
              ? byMode(environment)
              : BadFlagException.check(ENDPOINT, () -> URI.create(variable));
    }
    if (given.getHost() == null || !"http".equalsIgnoreCase(given.getScheme())) {
      throw new BadFlagException(
          ENDPOINT, "is '" + given + "': write a URL, such as http://169.254.169.254");
    }
    return given;
  }

  private static URI byMode(Map<String, String> environment) {
    return environment
            .getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "")
            .equalsIgnoreCase("IPv6")
        ? InstanceMetadataCredentialSource.IPV6_ENDPOINT
        : InstanceMetadataCredentialSource.DEFAULT_ENDPOINT;
  }
}
