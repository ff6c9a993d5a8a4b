package dev.podidentity.examples.podapplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.podidentity.awssdk.StrictChainCredentialsProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pod that has IAM roles for service accounts and pod identity, and an STS that goes away. */
@Timeout(60)
class MidMigrationTest {
  @TempDir private Path directory = Path.of(".");
  private final AtomicInteger issued = new AtomicInteger();
  private final AtomicInteger agentAsked = new AtomicInteger();
  private HttpServer sts = server(0, this::session);
  private final HttpServer agent = server(0, this::podCredentials);
  private Map<String, String> settings = Map.of();

  MidMigrationTest() throws IOException {}

  private interface Answer {
    String body();
  }

  private static HttpServer server(int port, Answer answer) throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    return server;
  }

  private String session() {
    return """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\
        <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA0LOCAL0IRSA%05d</AccessKeyId>\
        <SecretAccessKey>LocalSecret</SecretAccessKey><SessionToken>LocalSessionToken</SessionToken>\
        <Expiration>%s</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\
        </AssumeRoleWithWebIdentityResponse>"""
        .formatted(issued.incrementAndGet(), Instant.now().plusSeconds(3600));
  }

  private String podCredentials() {
    agentAsked.incrementAndGet();
    return """
        {"AccessKeyId": "ASIA0LOCAL0POD000000", "SecretAccessKey": "LocalSecret",
         "Token": "LocalSessionToken", "Expiration": "%s"}"""
        .formatted(Instant.now().plusSeconds(3600));
  }

  @BeforeEach
  void setUp() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "the-token");
    settings =
        Map.of(
            "aws.webIdentityTokenFile", token.toString(),
            "aws.roleArn", "arn:aws:iam::111122223333:role/irsa",
            "aws.region", "us-west-2",
            "aws.endpointUrlSts", uri(sts),
            "aws.containerCredentialsFullUri", uri(agent) + "/v1/credentials",
            "aws.sharedCredentialsFile", "/none",
            "aws.configFile", "/none");
    settings.forEach(System::setProperty);
  }

  private static String uri(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void restore() {
    settings.keySet().forEach(System::clearProperty);
    sts.stop(0);
    agent.stop(0);
  }

  @Test
  void keepsItsIdentityThroughAnOutageOfSts() throws IOException {
    var chain = StrictChainCredentialsProvider.create();
    assertThat(keyOf(chain)).startsWith("ASIA0LOCAL0IRSA");
    int port = sts.getAddress().getPort();
    sts.stop(0);
    // The providers before pod identity hold nothing any more, as if it had grown stale.
    chain.close();
    assertThatExceptionOfType(RuntimeException.class).isThrownBy(chain::resolveCredentials);
    sts = server(port, this::session);

    assertThat(keyOf(chain)).startsWith("ASIA0LOCAL0IRSA");
    assertThat(agentAsked).hasValue(0);
  }

  @Test
  void keepsItsIdentityAfterAClientHasClosedTheChain() {
    var chain = StrictChainCredentialsProvider.create();
    assertThat(keyOf(chain)).startsWith("ASIA0LOCAL0IRSA");
    chain.close();

    assertThat(keyOf(chain)).startsWith("ASIA0LOCAL0IRSA");
    assertThat(agentAsked).hasValue(0);
  }

  private static String keyOf(StrictChainCredentialsProvider chain) {
    return chain.resolveCredentials().accessKeyId();
  }
}
