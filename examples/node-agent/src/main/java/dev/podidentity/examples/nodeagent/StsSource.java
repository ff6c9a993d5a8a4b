package dev.podidentity.examples.nodeagent;

import dev.podidentity.association.AssociationCredentialSource;
import dev.podidentity.association.AssociationStore;
import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.examples.stsissuer.StsRoleCredentialIssuer;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.sts.StsClient;

/** What stands in for EKS Auth outside EKS: associations from a file, roles from AWS STS. */
final class StsSource {
  private final Path file;
  private final Duration duration;
  private final TokenVerifier verifier;
  private final String clusterName;
  private final Optional<Path> caBundle;

  /**
   * A source that is not open.
   *
   * @param file the associations
   * @param duration how long credentials live
   * @param verifier what tokens are held against: nobody else looks at them
   * @param clusterName the cluster whose associations the file must be
   * @param caBundle certificates that STS is trusted by as well
   */
  StsSource(
      Path file,
      Duration duration,
      TokenVerifier verifier,
      String clusterName,
      Optional<Path> caBundle) {
    this.file = file;
    this.duration = duration;
    this.verifier = verifier;
    this.clusterName = clusterName;
    this.caBundle = caBundle;
  }

  /**
   * Opens what the source needs.
   *
   * @throws IOException if the file cannot be read
   * @throws BadFlagException if it is of another cluster
   */
  CredentialSource open(Parts parts, AwsCredentialsProvider ownCredentials, Clock clock)
      throws IOException {
    AssociationStore associations = parts.open(AssociationStore.follow(file, clock));
    if (!associations.cluster().name().equals(clusterName)) {
      throw new BadFlagException(
          AssociationOptions.ASSOCIATIONS,
          "has the associations of cluster "
              + associations.cluster().name()
              + ", and --cluster-name is "
              + clusterName);
    }
    StsClient sts = parts.open(sts(ownCredentials));
    return AssociationCredentialSource.of(
        verifier, associations, new StsRoleCredentialIssuer(sts, duration, UUID::randomUUID));
  }

  private StsClient sts(AwsCredentialsProvider ownCredentials) {
    var client =
        StsClient.builder()
            .credentialsProvider(ownCredentials)
            .region(EksAuthClients.nodeRegion())
            .httpClientBuilder(
                caBundle.isPresent()
                    ? EksAuthClients.httpClient(caBundle.get())
                    : EksAuthClients.httpClient())
            .overrideConfiguration(
                override ->
                    override
                        .apiCallTimeout(EksAuthClients.CALL_BUDGET)
                        .defaultProfileFileSupplier(EksAuthClients.sharedFiles()));
    return EksAuthClients.buildClient(client::build);
  }
}
