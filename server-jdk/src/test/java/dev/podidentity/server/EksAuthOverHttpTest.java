package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.podidentity.association.RoleArn;
import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.eksauth.EksAuthClient;

/** The AWS SDK's client between the agent's source and an EKS Auth, over real HTTP. */
@Tag("every-jdk")
class EksAuthOverHttpTest {
  private static final LocalCluster CLUSTER = LocalCluster.builder().build();
  private static final ServiceAccountRef SERVICE_ACCOUNT =
      new ServiceAccountRef("default", "my-service-account");
  private static final AwsCredentialsProvider NODE =
      StaticCredentialsProvider.create(
          AwsBasicCredentials.create("AKIA0LOCAL0NODE00000", "LocalSecret/node"));

  private final List<String> authorizations = new ArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private ServiceAccountToken token;
  private HttpServer stub;

  @BeforeEach
  void start() throws IOException {
    token =
        ServiceAccountToken.parse(
            CLUSTER.projectedToken(CLUSTER.startPod(SERVICE_ACCOUNT, "my-pod")));
    stub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    stub.setExecutor(task -> new Thread(task).start());
    stub.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    stub.stop(0);
  }

  @Test
  void getsCredentialsOfTheLocalEksWithASignedRequest() throws IOException {
    CLUSTER
        .associations()
        .create(SERVICE_ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/path/my-role"));
    try (var eks = LocalEks.start(CLUSTER);
        var client = client(eks.endpoint(), NODE)) {
      var credentials = EksAuthCredentialSource.of(client, "my-cluster").fetch(token);

      assertThat(credentials.accessKeyId()).startsWith("ASIA0LOCAL0").hasSize(20);
      assertThat(credentials.accountId()).isEqualTo("111122223333");
      assertThat(credentials.issuer()).contains("EKS Auth");
      assertThat(credentials.assumedRoleUser().orElseThrow().arn())
          .startsWith("arn:aws:sts::111122223333:assumed-role/my-role/eks-my-cluster-my-pod-");
      assertThat(credentials.association().orElseThrow().id()).matches("a-[a-z0-9]{17}");
    }
  }

  @Test
  void signsItsRequests() throws IOException {
    fail(new CredentialStub(400, "AccessDeniedException"));

    assertThat(authorizations)
        .singleElement()
        .asString()
        .startsWith("AWS4-HMAC-SHA256 Credential=AKIA0LOCAL0NODE00000/")
        .contains("/us-west-2/eks-auth/aws4_request");
  }

  @ParameterizedTest
  @CsvSource({
    "400, AccessDeniedException, ACCESS_DENIED, 1",
    "400, ExpiredTokenException, EXPIRED_TOKEN, 1",
    "400, InvalidTokenException, INVALID_TOKEN, 1",
    "400, InvalidParameterException, INVALID_PARAMETER, 1",
    "400, InvalidRequestException, INVALID_REQUEST, 1",
    "404, ResourceNotFoundException, RESOURCE_NOT_FOUND, 1",
    "429, ThrottlingException, THROTTLED, 1",
    "500, InternalServerException, INTERNAL_SERVER, 1",
    "503, ServiceUnavailableException, SERVICE_UNAVAILABLE, 1",
    "403, InvalidSignatureException, NODE_CREDENTIALS, 1",
    "502, WhoKnowsException, SERVICE_UNAVAILABLE, 1"
  })
  void tellsTheFailuresOfEksAuthApart(
      int status, String exception, FailureReason reason, int attempts) throws IOException {
    var failure = fail(new CredentialStub(status, exception));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.requestId()).contains("request-1");
    assertThat(failure)
        .hasMessageContaining("default/my-service-account")
        .hasMessageContaining("my-cluster")
        .hasMessageContaining("request-1")
        .hasMessageContaining("words of the service");
    assertThat(calls).hasValue(attempts);
  }

  @Test
  void doesNotRepeatWordsThatHoldTheToken() throws IOException {
    stub.createContext(
        "/", exchange -> answer(exchange, 400, "InvalidTokenException", "bad " + token.value()));

    var failure = fail(endpoint());

    assertThat(failure.getMessage()).doesNotContain(token.value()).doesNotContain("says");
    assertThat(failure).hasNoCause();
  }

  @Test
  void givesUpWhenEksAuthDoesNotAnswer() {
    stub.createContext("/", exchange -> awaitEnd());

    assertThat(fail(endpoint()).reason()).isEqualTo(FailureReason.TIMED_OUT);
  }

  @Test
  void saysThatEksAuthCannotBeReached() throws IOException {
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }

    var failure = fail(URI.create("http://127.0.0.1:" + closed));

    assertThat(failure.reason()).isEqualTo(FailureReason.UNREACHABLE);
    assertThat(failure).hasMessageContaining("VPC endpoint");
  }

  private CredentialException fail(CredentialStub answer) {
    stub.createContext(
        "/", exchange -> answer(exchange, answer.status, answer.type, "words of the service"));
    return fail(endpoint());
  }

  private CredentialException fail(URI endpoint) {
    try (var client = client(endpoint, NODE)) {
      return catchThrowableOfType(
          CredentialException.class,
          () -> EksAuthCredentialSource.of(client, "my-cluster").fetch(token));
    }
  }

  private static EksAuthClient client(URI endpoint, AwsCredentialsProvider credentials) {
    return EksAuthClients.forNode()
        .endpoint(endpoint)
        .region("us-west-2")
        .credentials(credentials)
        .build();
  }

  private URI endpoint() {
    return URI.create("http://127.0.0.1:" + stub.getAddress().getPort());
  }

  private void answer(HttpExchange exchange, int status, String type, String message)
      throws IOException {
    calls.incrementAndGet();
    authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
    exchange.getResponseHeaders().set("x-amzn-ErrorType", type);
    exchange.getResponseHeaders().set("x-amzn-RequestId", "request-1");
    write(exchange, status, "{\"message\":\"" + message + "\"}");
  }

  private static void write(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record CredentialStub(int status, String type) {}
}
