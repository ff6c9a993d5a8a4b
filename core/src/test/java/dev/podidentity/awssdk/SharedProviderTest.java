package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eksauth.EksAuthClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Clients of the AWS SDK close the credentials provider that they were given. */
class SharedProviderTest {
  private static final Duration LIFETIME = Duration.ofHours(6);
  private static final String SERVICE_ANSWER =
      """
      {"subject": {"namespace": "default", "serviceAccount": "sa"},
       "audience": "pods.eks.amazonaws.com"}""";

  @TempDir private Path directory = Path.of(".");
  private final SimulatedTime time = new SimulatedTime(Instant.now());
  private final AtomicInteger fetched = new AtomicInteger();
  private final FakeAgent agent;
  private final FakeAgent service = FakeAgent.start(FakeAgent.json(200, SERVICE_ANSWER));

  SharedProviderTest() throws IOException {
    agent =
        FakeAgent.start(
            (request, connection) ->
                FakeAgent.json(
                        200,
                        Answers.credentials(
                            "ASIA0LOCAL%010d".formatted(fetched.incrementAndGet()),
                            time.clock.instant().plus(LIFETIME)))
                    .answer(request, connection));
  }

  @AfterEach
  void stop() throws IOException {
    agent.close();
    service.close();
  }

  private PodIdentityCredentialsProvider provider() throws IOException {
    return PodIdentityCredentialsProvider.builder()
        .endpoint(agent.uri())
        .tokenFile(Files.writeString(directory.resolve("token"), "the-token"))
        .clock(time.clock)
        .ticker(time)
        .build();
  }

  private EksAuthClient client(AwsCredentialsProvider credentials) {
    return EksAuthClient.builder()
        .region(Region.US_EAST_1)
        .endpointOverride(URI.create("http://127.0.0.1:" + service.port()))
        .httpClientBuilder(EksAuthClients.httpClient())
        .credentialsProvider(credentials)
        .build();
  }

  /** The access key id that a call is signed with. */
  private String signedWith(EksAuthClient client) {
    client.assumeRoleForPodIdentity(call -> call.clusterName("my-cluster").token("a.b.c"));
    var last = service.requests().get(service.requests().size() - 1);
    return last.header("authorization").replaceAll(".*Credential=([A-Z0-9]+)/.*", "$1");
  }

  private void answersOthers(UnaryOperator<AwsCredentialsProvider> given) throws IOException {
    try (PodIdentityCredentialsProvider provider = provider()) {
      AwsCredentialsProvider shared = given.apply(provider);
      EksAuthClient first = client(shared);
      try (EksAuthClient other = client(shared)) {
        assertThat(signedWith(first)).isEqualTo("ASIA0LOCAL0000000001");
        first.close();

        assertThat(signedWith(other)).isEqualTo("ASIA0LOCAL0000000001");
        time.pass(LIFETIME);
        assertThat(signedWith(other)).isEqualTo("ASIA0LOCAL0000000002");
        assertThat(Thread.getAllStackTraces().keySet())
            .extracting(Thread::getName)
            .doesNotContain("pod-identity-credentials");
      }
    }
  }

  @Test
  void answersOtherClientsAfterOneWasClosed() throws IOException {
    answersOthers(provider -> provider);
  }

  @Test
  void answersOtherClientsInAChainOfTheSdk() throws IOException {
    answersOthers(AwsCredentialsProviderChain::of);
  }

  @Test
  void staysItsOwnersToCloseWhereTheNodeIsGivenIt() {
    var closed = new AtomicInteger();
    EksAuthClients.forNode()
        .region("us-east-1")
        .credentials(new CountingCloses(closed))
        .build()
        .close();

    assertThat(closed).hasValue(0);
  }

  private record CountingCloses(AtomicInteger closed)
      implements AwsCredentialsProvider, SdkAutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
      return AwsBasicCredentials.create("AKIA0NODE", "secret");
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
