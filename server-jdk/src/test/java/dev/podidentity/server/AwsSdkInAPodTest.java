package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.association.RoleArn;
import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.binding.NodeNetwork;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The whole way, in real processes: the AWS SDK's own provider with the environment of a pod, the
 * agent, the AWS SDK's EKS Auth client, and a local EKS.
 */
@Tag("every-jdk")
class AwsSdkInAPodTest {
  private static final ServiceAccountRef SERVICE_ACCOUNT =
      new ServiceAccountRef("default", "my-service-account");

  private static final LocalCluster CLUSTER = LocalCluster.builder().build();

  @TempDir private Path folder;

  @BeforeAll
  static void associate() {
    CLUSTER
        .associations()
        .create(SERVICE_ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
  }

  @Test
  void getsCredentialsOnIpv4() throws Exception {
    assertThat(resolveAt("127.0.0.1", CLUSTER)).contains("got ASIA0LOCAL0");
  }

  @Test
  void getsCredentialsOnIpv6() throws Exception {
    assumeTrue(NodeNetwork.system().hasIpv6(), "this machine has no IPv6");

    assertThat(resolveAt("[::1]", CLUSTER)).contains("got ASIA0LOCAL0");
  }

  @Test
  void showsItsUserWhyThereAreNoCredentials() throws Exception {
    String output = resolveAt("127.0.0.1", LocalCluster.builder().build());

    assertThat(output)
        .contains("failed ")
        .contains("EKS Auth did not accept the token of service account default/my-service-account")
        .contains("check that the agent's cluster name is right");
  }

  private String resolveAt(String address, LocalCluster podsCluster) throws Exception {
    try (var eks = LocalEks.start(CLUSTER);
        var client =
            EksAuthClients.forNode()
                .endpoint(eks.endpoint())
                .region("us-west-2")
                .credentials(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("AKIA0LOCAL0NODE00000", "LocalSecret/node")))
                .build();
        var agent =
            PodIdentityServer.builder(
                    PodIdentityAgent.builder()
                        .bindingRules(BindingRules.parse(List.of(address)))
                        .source(EksAuthCredentialSource.of(client, CLUSTER.name()))
                        .build())
                .port(0)
                .start()) {
      String token = podsCluster.projectedToken(podsCluster.startPod(SERVICE_ACCOUNT, "my-pod"));
      return ChildJvm.run(
          PodWithAwsSdk.class,
          List.of(),
          Map.of(
              "AWS_CONTAINER_CREDENTIALS_FULL_URI",
              agent.credentialUris().get(0).toString(),
              "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
              tokenFile(token).toString()));
    }
  }

  private Path tokenFile(String token) throws IOException {
    return Files.writeString(folder.resolve("eks-pod-identity-token"), token);
  }
}
