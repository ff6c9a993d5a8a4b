package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.podidentity.tls.TlsKeys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flags that say whom the agent asks, and with which keys of its own; and the long names. */
class UpstreamFlagsIT {
  private static final String KEY_OF_FILE = "AKIA0LOCAL0FILE00000";

  @TempDir private Path folder = Path.of("");

  @Test
  void takesLongNamesAndSignsWithTheKeysOfTheFileThatIsRotated() throws Exception {
    try (var agent =
        AgentUnderTest.start(
            List.of("AWS_SHARED_CREDENTIALS_FILE=" + credentialsFile()),
            "--cluster-name",
            AgentUnderTest.CLUSTER,
            "--bind-hosts",
            "127.0.0.2",
            "--verbosity",
            "error",
            "--configuration-values",
            "{\"agent\": {\"additionalArgs\": {\"--max-cache-size\": 0}}}",
            "--rotate-credentials",
            "true")) {
      String uri = "http://127.0.0.2:" + agent.port();
      String token = agent.newToken();

      assertThat(AgentUnderTest.keyId(uri, token)).isNotEqualTo(AgentUnderTest.keyId(uri, token));
      assertThat(agent.calls())
          .isNotEmpty()
          .allSatisfy(call -> assertThat(call.accessKeyId()).contains(KEY_OF_FILE));
      assertThat(agent.process().log()).isEmpty();
    }
  }

  private Path credentialsFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("credentials"),
            """
            [default]
            aws_access_key_id = %s
            aws_secret_access_key = of-the-file
            """
                .formatted(KEY_OF_FILE));
    // A file that was written just now may not be whole.
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(600)));
  }

  @Test
  void asksTheFipsEndpointOfTheRegionByTheProxyOfTheEnvironment() throws Exception {
    try (var proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var asked = CompletableFuture.supplyAsync(() -> firstLine(proxy));
      var environment =
          List.of(
              "HTTPS_PROXY=http://127.0.0.1:" + proxy.getLocalPort(),
              "HTTP_PROXY=http://127.0.0.1:1",
              "NO_PROXY=169.254.169.254,.internal");
      try (var agent = AgentUnderTest.startInRegion(environment, "--use-fips-endpoint")) {
        // What the proxy does not do for it, it does not do without the proxy.
        assertThat(PodRequests.send(agent.uri() + "/v1/credentials", agent.newToken()).status())
            .isEqualTo(503);
        assertThat(asked.get(30, TimeUnit.SECONDS))
            .startsWith("CONNECT eks-auth-fips.us-west-2.api.aws:443 ");
      }
    }
  }

  @Test
  void asksAnEndpointThatAPrivateAuthorityVouchesFor() throws Exception {
    TlsKeys keys = TlsKeys.of("eks-auth", "dns:localhost");
    Path bundle = Files.writeString(folder.resolve("ca.pem"), keys.certificate());
    try (var endpoint =
        keys.sockets().createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var asked = CompletableFuture.supplyAsync(() -> firstLine(endpoint));
      String url = "https://localhost:" + endpoint.getLocalPort();
      try (var agent =
          AgentUnderTest.startInRegion(
              List.of("AWS_REGION=", "AWS_DEFAULT_REGION=us-west-2"),
              "--endpoint",
              url,
              "--ca-bundle",
              bundle.toString())) {
        PodRequests.send(agent.uri() + "/v1/credentials", agent.newToken());

        assertThat(asked.get(30, TimeUnit.SECONDS))
            .startsWith("POST /clusters/" + AgentUnderTest.CLUSTER + "/assume-role");
      }
    }
  }

  @Test
  void outlivesABrokenSharedFileAndRecoversWhenItIsMended() throws Exception {
    Path file = folder.resolve("credentials");
    Files.writeString(file, "[default]\naws_access_key_id = " + KEY_OF_FILE + "\naws_secret_acc");
    try (var agent =
        AgentUnderTest.start(
            List.of("AWS_SHARED_CREDENTIALS_FILE=" + file, "AWS_ACCESS_KEY_ID="))) {
      agent
          .process()
          .until(() -> PodRequests.get(agent.probe("/readyz")).body().contains("line 3"));
      assertThat(PodRequests.get(agent.probe("/readyz")).status()).isEqualTo(503);
      agent.process().awaitLog("cannot be read whole");
      assertThat(agent.process().log()).containsOnlyOnce("cannot be read whole");
      assertThat(agent.process().log())
          .contains(file + ": line 3 is not 'key = value'")
          .doesNotContain("aws_secret_acc\"");
      credentialsFile();
      agent.process().until(() -> PodRequests.get(agent.probe("/readyz")).status() == 200);

      assertThat(agent.keyId(agent.newToken())).isNotBlank();
      assertThat(agent.calls())
          .allSatisfy(call -> assertThat(call.accessKeyId()).contains(KEY_OF_FILE));
    }
  }

  @Test
  void signsWithAWebIdentityThoughTheSharedFilesAreBroken() throws Exception {
    Path broken = Files.writeString(folder.resolve("shared"), "[other]\naws_secret_acc");
    Path identity = Files.writeString(folder.resolve("identity"), "a-token-for-sts");
    HttpServer sts =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    sts.createContext("/", UpstreamFlagsIT::answerWebIdentity);
    sts.start();
    try (var agent =
        AgentUnderTest.start(
            List.of(
                "AWS_ACCESS_KEY_ID=",
                "AWS_CONFIG_FILE=" + broken,
                "AWS_SHARED_CREDENTIALS_FILE=" + broken,
                "AWS_WEB_IDENTITY_TOKEN_FILE=" + identity,
                "AWS_ROLE_ARN=arn:aws:iam::111122223333:role/node",
                "AWS_ENDPOINT_URL_STS=http://127.0.0.1:" + sts.getAddress().getPort()))) {
      assertThat(agent.keyId(agent.newToken())).isNotBlank();
      assertThat(agent.calls())
          .allSatisfy(call -> assertThat(call.accessKeyId()).contains("ASIA0LOCAL0WEBID0000"));
    } finally {
      sts.stop(0);
    }
  }

  private static void answerWebIdentity(HttpExchange exchange) throws IOException {
    byte[] answer =
        """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult>
            <AssumedRoleUser>
              <AssumedRoleId>AROA0LOCAL0:node</AssumedRoleId>
              <Arn>arn:aws:sts::111122223333:assumed-role/node/session</Arn>
            </AssumedRoleUser>
            <Credentials>
              <AccessKeyId>ASIA0LOCAL0WEBID0000</AccessKeyId>
              <SecretAccessKey>of-a-test</SecretAccessKey>
              <SessionToken>of-a-test</SessionToken>
              <Expiration>2100-01-01T00:00:00Z</Expiration>
            </Credentials>
          </AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>
        """
            .getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "text/xml");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static String firstLine(ServerSocket proxy) {
    try (Socket client = proxy.accept();
        var in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
      return String.valueOf(in.readLine());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
