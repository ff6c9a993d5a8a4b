package dev.podidentity.examples.stsissuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.association.CreateAssociation;
import dev.podidentity.association.PodIdentityAssociation;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.SessionPolicy;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sts.StsClient;

class StsRoleCredentialIssuerTest {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  private static final RoleArn ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/my-role");
  private static final RoleArn TARGET = RoleArn.parse("arn:aws:iam::444455556666:role/target");
  private static final SessionPolicy POLICY =
      new SessionPolicy("{\"Version\":\"2012-10-17\",\"Statement\":[]}");
  private static final UUID UNIQUE = UUID.fromString("00000000-0000-4000-8000-000000000000");

  private final LocalCluster cluster = LocalCluster.builder().build();
  private final StsStub stub = StsStub.start();
  private final StsClient sts =
      StsClient.builder()
          .endpointOverride(stub.endpoint())
          .region(Region.US_WEST_2)
          .httpClient(UrlConnectionHttpClient.create())
          .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
          .credentialsProvider(
              StaticCredentialsProvider.create(
                  AwsBasicCredentials.create("AKIA0LOCAL0ISSUER000", "LocalSecret/issuer")))
          .build();
  private final StsRoleCredentialIssuer issuer =
      new StsRoleCredentialIssuer(sts, Duration.ofHours(6), () -> UNIQUE);

  @AfterEach
  void close() {
    sts.close();
    stub.close();
  }

  @Test
  void assumesTheRoleWithTheSixTagsAllTransitive() {
    TemporaryCredentials credentials = issue(request());

    assertThat(credentials.accountId()).isEqualTo("111122223333");
    assertThat(credentials.issuer()).contains("AWS STS");
    assertThat(stub.calls()).hasSize(1);
    assertThat(stub.calls().get(0))
        .contains("RoleArn=" + ROLE, "DurationSeconds=21600")
        .contains("RoleSessionName=eks-my-cluster-checkout-1-" + UNIQUE)
        .contains("Tags.member.1.Key=eks-cluster-arn")
        .contains("Tags.member.3.Value=shop", "Tags.member.6.Key=kubernetes-pod-uid")
        .contains("TransitiveTagKeys.member.6=kubernetes-pod-uid")
        .doesNotContain("Policy=");
  }

  @Test
  void chainsToTheTargetRoleWithExternalIdAndPolicy() {
    var request = request().targetRoleArn(TARGET).policy(POLICY).disableSessionTags(true);

    TemporaryCredentials credentials = issue(request);

    String externalId = association().externalId().orElseThrow();
    assertThat(credentials.accountId()).isEqualTo("444455556666");
    assertThat(stub.calls()).hasSize(2);
    assertThat(stub.calls().get(0))
        .contains("RoleArn=" + ROLE)
        .doesNotContain("Tags.member", "Policy=", "ExternalId");
    assertThat(stub.calls().get(1))
        .contains("RoleArn=" + TARGET, "ExternalId=" + externalId, "Policy=" + POLICY)
        .contains("DurationSeconds=3600", "signed by ASIA0LOCAL0CHAIN0000");
  }

  @Test
  void tellsWhatStsRefuses() {
    stub.refuse(403, "AccessDenied");
    assertThat(refusal()).isEqualTo(FailureReason.ACCESS_DENIED);
    stub.refuse(400, "PackedPolicyTooLarge");
    assertThat(refusal()).isEqualTo(FailureReason.INVALID_REQUEST);
    stub.refuse(400, "Throttling");
    assertThat(refusal()).isEqualTo(FailureReason.THROTTLED);
    stub.refuse(503, "ServiceUnavailable");
    assertThat(refusal()).isEqualTo(FailureReason.SERVICE_UNAVAILABLE);
    stub.close();
    assertThat(refusal()).isEqualTo(FailureReason.UNREACHABLE);
  }

  private FailureReason refusal() {
    if (cluster.associations().size() == 0) {
      cluster.associations().create(ACCOUNT, ROLE);
    }
    return catchThrowableOfType(
            CredentialException.class, () -> issuer.issue(association(), token()))
        .reason();
  }

  private TemporaryCredentials issue(CreateAssociation.Builder request) {
    return issuer.issue(cluster.associations().create(request.build()), token());
  }

  private PodIdentityAssociation association() {
    return cluster.associations().find(ACCOUNT).orElseThrow();
  }

  private ServiceAccountToken token() {
    return ServiceAccountToken.parse(
        cluster.projectedToken(cluster.startPod(ACCOUNT, "checkout-1")));
  }

  private static CreateAssociation.Builder request() {
    return CreateAssociation.builder(ACCOUNT, ROLE);
  }
}
