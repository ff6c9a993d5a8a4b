package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import dev.podidentity.pod.PodFailureReason;
import dev.podidentity.tls.TlsKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("every-jdk")
class HttpsAgentTest {
  private final TlsKeys keys = TlsKeys.of("agent", "dns:localhost");
  private final ServerSocket agent;

  HttpsAgentTest() throws IOException, InterruptedException {
    agent = keys.sockets().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @BeforeEach
  void serve() {
    var thread = new Thread(this::acceptAll, "https-agent");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (!agent.isClosed()) {
      try (Socket connection = agent.accept()) {
        InputStream in = connection.getInputStream();
        assertThat(in.read(new byte[4096])).isPositive();
        FakeAgent.write(
            connection,
            FakeAgent.response(200, Answers.credentials(Instant.now().plusSeconds(3600))));
      } catch (IOException e) {
        // A client that does not trust this agent, or its end.
      }
    }
  }

  @AfterEach
  void stop() throws IOException {
    agent.close();
  }

  private PodIdentityCredentialsProvider provider(String host, SSLSocketFactory factory) {
    return PodIdentityCredentialsProvider.builder()
        .environment(Map.of())
        .endpoint(URI.create("https://" + host + ":" + agent.getLocalPort() + "/v1/credentials"))
        .sslSocketFactory(factory)
        .build();
  }

  @Test
  void asksAnAgentThatItTrusts() throws IOException {
    try (var provider = provider("localhost", keys.trusting())) {
      assertThat(provider.resolveCredentials().accountId()).contains(Answers.ACCOUNT);
    }
  }

  @Test
  void trustsAPrivateAuthorityBesideTheJvms(@TempDir Path folder) throws IOException {
    Path bundle = Files.writeString(folder.resolve("ca.pem"), "# ours\n" + keys.certificate());
    URI endpoint = URI.create("https://localhost:" + agent.getLocalPort() + "/v1/credentials");
    for (String variable : List.of("AWS_CA_BUNDLE", "SSL_CERT_FILE")) {
      try (var provider =
          PodIdentityCredentialsProvider.builder()
              .environment(Map.of(variable, bundle.toString()))
              .endpoint(endpoint)
              .build()) {
        assertThat(provider.resolveCredentials().accountId()).contains(Answers.ACCOUNT);
      }
    }
    try (var provider =
        PodIdentityCredentialsProvider.builder()
            .environment(Map.of())
            .caBundle(bundle)
            .endpoint(endpoint)
            .build()) {
      assertThat(provider.resolveCredentials().accountId()).contains(Answers.ACCOUNT);
    }
  }

  @Test
  void saysWhichBundleCannotBeRead(@TempDir Path folder) throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "# nothing\n");
    for (Path bundle : List.of(folder.resolve("missing.pem"), empty)) {
      try (var provider =
          PodIdentityCredentialsProvider.builder()
              .environment(Map.of("AWS_CA_BUNDLE", bundle.toString()))
              .endpoint(URI.create("https://localhost:" + agent.getLocalPort() + "/"))
              .startupBudget(Duration.ofMillis(1))
              .build()) {
        assertThat(failureOf(provider)).hasMessageContaining("AWS_CA_BUNDLE names " + bundle);
      }
    }
  }

  @Test
  void refusesAnAgentUnderAnotherName() throws IOException {
    try (var provider = provider("127.0.0.1", keys.trusting())) {
      assertThat(failureOf(provider)).hasMessageContaining("certificate");
    }
  }

  @Test
  void refusesAnAgentThatItDoesNotTrust() {
    try (var provider = provider("localhost", (SSLSocketFactory) SSLSocketFactory.getDefault())) {
      PodIdentityException failure = failureOf(provider);

      assertThat(failure.reason()).isEqualTo(PodFailureReason.AGENT_UNREACHABLE);
      assertThat(failure.retryable()).isFalse();
    }
  }

  private static PodIdentityException failureOf(PodIdentityCredentialsProvider provider) {
    return catchThrowableOfType(PodIdentityException.class, provider::resolveCredentials);
  }
}
