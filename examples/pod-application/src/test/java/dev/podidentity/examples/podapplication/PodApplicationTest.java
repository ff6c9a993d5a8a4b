package dev.podidentity.examples.podapplication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.association.RoleArn;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.PodIdentityServer;
import dev.podidentity.testing.TestJvm;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application in a process of its own, with the environment that a pod has. */
@Tag("every-jdk")
class PodApplicationTest {
  private static final ServiceAccountRef ACCOUNT =
      new ServiceAccountRef("default", "my-service-account");
  private static final String ROLE = "arn:aws:iam::111122223333:role/my-role";

  private final LocalCluster cluster = LocalCluster.builder().build();
  private final LocalSts sts = LocalSts.start();
  private final PodIdentityServer agent;
  @TempDir private Path directory = Path.of(".");
  private Path tokenFile = Path.of(".");

  PodApplicationTest() throws IOException {
    CredentialSource issuing =
        token -> {
          TemporaryCredentials credentials = cluster.credentials().fetch(token);
          sts.issued(credentials.accessKeyId(), credentials.assumedRoleUser().orElseThrow().arn());
          return credentials;
        };
    agent =
        PodIdentityServer.builder(
                PodIdentityAgent.builder()
                    .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
                    .source(issuing)
                    .build())
            .port(0)
            .start();
  }

  @BeforeEach
  void projectToken() throws IOException {
    tokenFile = directory.resolve("eks-pod-identity-token");
    Files.writeString(tokenFile, cluster.projectedToken(cluster.startPod(ACCOUNT, "my-pod")));
  }

  @AfterEach
  void stop() {
    agent.close();
    sts.close();
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(TestJvm.command());
    command.addAll(TestJvm.program(PodApplication.class, arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    var environment = builder.environment();
    environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.credentialUris().get(0).toString());
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", tokenFile.toString());
    environment.put("AWS_ENDPOINT_URL_STS", sts.endpoint().toString());
    environment.put("AWS_REGION", "us-west-2");
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed;
  }

  @Test
  void callsAwsAsTheRoleOfItsAssociation() throws IOException, InterruptedException {
    cluster.associations().create(ACCOUNT, RoleArn.parse(ROLE));

    assertThat(run())
        .containsPattern(
            "pod: arn:aws:sts::111122223333:assumed-role/my-role/eks-my-cluster-my-pod-");
  }

  @Test
  void keepsTheNameOfAStableSession() throws IOException, InterruptedException {
    cluster.associations().create(ACCOUNT, RoleArn.parse(ROLE));
    String stable = "stable session: arn:aws:sts::111122223333:assumed-role/my-role/my-application";

    assertThat(run(ROLE, "my-application")).contains(stable);
    assertThat(run(ROLE, "my-application")).contains(stable);
  }

  @Test
  void saysWhatIsMissing() throws IOException, InterruptedException {
    assertThat(run()).contains("[NO_ASSOCIATION]").contains("create-pod-identity-association");
  }
}
