package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.awssdk.PodIdentityException.Reason;
import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsAgentTest {
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir private static Path directory = Path.of(".");
  private SSLServerSocket agent;
  private final SSLContext context = context();

  HttpsAgentTest() throws IOException, GeneralSecurityException {
    agent =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  // The JDK has no public API that makes a certificate; its keytool does.
  private static SSLContext context() throws IOException, GeneralSecurityException {
    Path store = directory.resolve("agent.p12");
    if (!Files.exists(store)) {
      var command =
          new ArrayList<>(
              List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
      command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=agent"));
      command.addAll(List.of("-ext", "san=dns:localhost", "-keystore", store.toString()));
      command.addAll(List.of("-storetype", "PKCS12", "-storepass", new String(PASSWORD)));
      try {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, PASSWORD);
    var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("agent", keys.getCertificate(keys.aliases().nextElement()));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
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
  void asksAnAgentThatItTrusts() {
    try (var provider = provider("localhost", context.getSocketFactory())) {
      assertThat(provider.resolveCredentials().accountId()).contains(Answers.ACCOUNT);
    }
  }

  @Test
  void refusesAnAgentUnderAnotherName() {
    try (var provider = provider("127.0.0.1", context.getSocketFactory())) {
      assertThat(failureOf(provider)).hasMessageContaining("certificate");
    }
  }

  @Test
  void refusesAnAgentThatItDoesNotTrust() {
    try (var provider = provider("localhost", (SSLSocketFactory) SSLSocketFactory.getDefault())) {
      PodIdentityException failure = failureOf(provider);

      assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
      assertThat(failure.retryable()).isFalse();
    }
  }

  private static PodIdentityException failureOf(PodIdentityCredentialsProvider provider) {
    return catchThrowableOfType(PodIdentityException.class, provider::resolveCredentials);
  }
}
