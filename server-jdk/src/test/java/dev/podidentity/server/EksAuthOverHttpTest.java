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

  /**
   * Whose fault each of the nine errors of EKS Auth is, and each that AWS answers to what is wrong
   * with a signature or with what signed: those are the node's, whatever they are called, and a pod
   * keeps its credentials.
   */
  @ParameterizedTest
  @CsvSource({
    "400, AccessDeniedException, ACCESS_DENIED, SETUP",
    "400, ExpiredTokenException, EXPIRED_TOKEN, POD",
    "400, InvalidTokenException, INVALID_TOKEN, POD",
    "400, InvalidParameterException, INVALID_PARAMETER, SETUP",
    "400, InvalidRequestException, INVALID_REQUEST, POD",
    "404, ResourceNotFoundException, RESOURCE_NOT_FOUND, SETUP",
    "429, ThrottlingException, THROTTLED, SOURCE",
    "500, InternalServerException, INTERNAL_SERVER, SOURCE",
    "503, ServiceUnavailableException, SERVICE_UNAVAILABLE, SOURCE",
    // By IAM, before EKS Auth looks at the token: the node's role may not call it.
    "403, AccessDeniedException, ACCESS_DENIED, SETUP",
    "403, ExpiredTokenException, NODE_CREDENTIALS, NODE",
    "401, ExpiredTokenException, NODE_CREDENTIALS, NODE",
    "403, ExpiredToken, NODE_CREDENTIALS, NODE",
    "403, InvalidTokenException, NODE_CREDENTIALS, NODE",
    "403, UnrecognizedClientException, NODE_CREDENTIALS, NODE",
    "400, UnrecognizedClientException, NODE_CREDENTIALS, NODE",
    "403, InvalidClientTokenId, NODE_CREDENTIALS, NODE",
    "403, InvalidSignatureException, NODE_CREDENTIALS, NODE",
    "403, SignatureDoesNotMatch, NODE_CREDENTIALS, NODE",
    "403, IncompleteSignature, NODE_CREDENTIALS, NODE",
    "400, IncompleteSignatureException, NODE_CREDENTIALS, NODE",
    "403, MissingAuthenticationToken, NODE_CREDENTIALS, NODE",
    "403, MissingAuthenticationTokenException, NODE_CREDENTIALS, NODE",
    "400, RequestExpired, NODE_CREDENTIALS, NODE",
    "403, RequestTimeTooSkewed, NODE_CREDENTIALS, NODE",
    "403, OptInRequired, NODE_CREDENTIALS, NODE",
    "400, RequestLimitExceeded, THROTTLED, SOURCE",
    "400, TooManyRequestsException, THROTTLED, SOURCE",
    "500, InternalFailure, SERVICE_UNAVAILABLE, SOURCE",
    "502, WhoKnowsException, SERVICE_UNAVAILABLE, SOURCE",
    "404, UnknownOperationException, WRONG_ENDPOINT, SOURCE",
    "400, UnknownOperationException, WRONG_ENDPOINT, SOURCE",
    "404, NoSuchBucket, WRONG_ENDPOINT, SOURCE"
  })
  void tellsTheFailuresOfEksAuthApart(
      int status, String exception, FailureReason reason, FailureReason.Fault fault)
      throws IOException {
    var failure = fail(new CredentialStub(status, exception));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(reason.fault()).isEqualTo(fault);
    assertThat(failure.requestId()).contains("request-1");
    assertThat(failure)
        .hasMessageContaining("default/my-service-account")
        .hasMessageContaining("my-cluster")
        .hasMessageContaining("request-1")
        .hasMessageContaining("words of the service");
    // One more where the AWS SDK has learnt how far the node's clock is off.
    int most = reason == FailureReason.NODE_CREDENTIALS ? 2 : 1;
    assertThat(calls.get()).isBetween(1, most);
  }

  @ParameterizedTest
  @CsvSource({"200", "301", "302", "400", "403", "404", "407"})
  void tellsAWrongEndpointByWhatIsNotOfAws(int status) throws IOException {
    stub.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          exchange.getResponseHeaders().set("Location", "https://elsewhere.example/");
          byte[] page = "<html>Welcome</html>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });

    var failure = fail(endpoint());

    assertThat(failure.reason()).isEqualTo(FailureReason.WRONG_ENDPOINT);
    assertThat(failure).hasMessageContaining("--endpoint").hasMessageContaining("" + status);
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
    assertThat(failure)
        .hasMessageContaining("since the connection was refused: nothing listens there")
        .hasMessageContaining("VPC endpoint");
    assertThat(failure.detail()).contains("the connection was refused: nothing listens there");
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
