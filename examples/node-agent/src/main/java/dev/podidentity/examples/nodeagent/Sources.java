package dev.podidentity.examples.nodeagent;

import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.CredentialSourceChain;
import dev.podidentity.imds.InstanceMetadataCredentialSource;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Where credentials come from: what the instance metadata service offers, then EKS Auth or STS. */
final class Sources {
  /** Opens the source that is asked for every pod. */
  @FunctionalInterface
  private interface Main {
    CredentialSource open(Parts parts, AwsCredentialsProvider ownCredentials) throws IOException;
  }

  private final Optional<InstanceMetadataCredentialSource> metadata;
  private final String mainName;
  private final Main main;
  private final Clock clock;

  private Sources(
      Optional<InstanceMetadataCredentialSource> metadata,
      String mainName,
      Main main,
      Clock clock) {
    this.metadata = metadata;
    this.mainName = mainName;
    this.main = main;
    this.clock = clock;
  }

  /**
   * What the flags ask for, not open.
   *
   * @throws BadFlagException if flags, alone or together, make no sense
   */
  static Sources of(
      ServerOptions options,
      Optional<TokenVerifier> verifier,
      Map<String, String> environment,
      Clock clock) {
    var metadata = options.metadata.source(verifier, environment);
    String clusterName = options.cluster.clusterName();
    return options
        .associations
        .file()
        .map(
            file -> {
              options.cluster.requireNoEndpoint(AssociationOptions.ASSOCIATIONS);
              var sts =
                  new StsSource(
                      file,
                      options.associations.duration(),
                      trusted(verifier),
                      clusterName,
                      options.cluster.caBundle());
              return new Sources(
                  metadata, "STS", (parts, own) -> sts.open(parts, own, clock), clock);
            })
        .orElseGet(
            () ->
                new Sources(
                    metadata, "EKS Auth", eksAuth(options.cluster.eksAuth(), clusterName), clock));
  }

  private static TokenVerifier trusted(Optional<TokenVerifier> verifier) {
    return verifier.orElseThrow(
        () ->
            new BadFlagException(
                AssociationOptions.ASSOCIATIONS,
                "needs the cluster's keys, since nobody else verifies tokens: set --token-keys-url"
                    + " and --token-issuer, or mount a service account token into this pod"));
  }

  private static Main eksAuth(EksAuthClients clients, String clusterName) {
    return (parts, ownCredentials) ->
        EksAuthCredentialSource.of(
            parts.open(clients.credentials(ownCredentials).build()), clusterName);
  }

  /**
   * Opens what is asked.
   *
   * @throws IOException if a file cannot be read
   */
  CredentialSource open(Parts parts, AwsCredentialsProvider ownCredentials) throws IOException {
    CredentialSource last = main.open(parts, ownCredentials);
    if (metadata.isEmpty()) {
      return last;
    }
    InstanceMetadataCredentialSource first = metadata.get();
    parts.open(
        Repeated.every(
            InstanceMetadataCredentialSource.REFRESH_INTERVAL,
            "instance-metadata",
            first::refresh));
    return CredentialSourceChain.builder()
        .clock(clock)
        .source("instance metadata", first, first::offers)
        .source(mainName, last)
        .allowExpiring(true)
        .build();
  }
}
