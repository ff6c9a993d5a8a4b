package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.spi.HttpServerProvider;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each row of the table in {@code docs/wire-protocol.md}, over a raw socket. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("every-jdk")
class WireProtocolTest {
  private static final String HOST = "Host: 127.0.0.1";

  private AgentFixture agent;
  private String authorization;

  /** Who makes the servers; the JDK's own if null. */
  @Nullable HttpServerProvider provider() {
    return null;
  }

  @BeforeAll
  void start() throws IOException {
    agent = AgentFixture.withLocalCredentials(provider());
    authorization = "Authorization: " + agent.token();
  }

  @AfterAll
  void stop() {
    agent.close();
  }

  @Test
  void answersCredentialsWithExactlyTheFiveMembers() throws IOException {
    var response = agent.get(HOST, authorization);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("cache-control", "no-store");
    JsonNode body = JsonMapper.builder().build().readTree(response.body());
    assertThat(body.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "AccessKeyId", "SecretAccessKey", "Token", "AccountId", "Expiration");
    assertThat(body.get("AccountId").textValue()).isEqualTo("111122223333");
    assertThat(body.get("Expiration").textValue()).endsWith("Z");
    assertThat(Instant.parse(body.get("Expiration").textValue()))
        .isEqualTo(agent.clock.instant().plus(Duration.ofHours(6)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1/credentials/",
        "/v1/credentialsX",
        "//v1/credentials",
        "/v1//credentials",
        "/v1%2Fcredentials",
        "/v1/%63redentials",
        "/V1/credentials",
        "/v1/credentials;a=b",
        "/x/../v1/credentials",
        "/v1/credentials#x",
        "http://127.0.0.1/"
      })
  void servesNothingUnderAnyOtherPath(String target) throws IOException {
    var response =
        RawHttp.exchange(agent.ipv4(), "GET " + target + " HTTP/1.1", HOST, authorization);

    assertThat(response.status()).isEqualTo(404);
    assertThatItIsAnError(response, "NotFoundException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD", "get"})
  void allowsNoOtherMethod(String method) throws IOException {
    var response =
        RawHttp.exchange(
            agent.ipv4(),
            method + " /v1/credentials HTTP/1.1",
            HOST,
            authorization,
            "Content-Length: 0");

    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers()).containsEntry("allow", "GET");
    if (!method.equals("HEAD")) {
      assertThatItIsAnError(response, "MethodNotAllowedException");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "169.254.170.23",
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:80",
        "127.1",
        "2130706433",
        "user@127.0.0.1",
        "[::ffff:127.0.0.1]",
        "127.0.0.1, 127.0.0.1",
        ""
      })
  void refusesAHostThatIsNotBound(String host) throws IOException {
    var response = agent.get("Host: " + host, authorization);

    assertThat(response.status()).isEqualTo(403);
    assertThatItIsAnError(response, "HostNotAllowedException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "127.0.0.1:80", "[::1]", "[0:0:0:0:0:0:0:1]:8080", "::1", "[::01]"})
  void acceptsABoundHostInAnyForm(String host) throws IOException {
    assertThat(agent.get("Host: " + host, authorization).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://other", "http://evil.example:80", "http://a@127.0.0.1", "https://other"})
  void refusesAnAbsoluteTargetThatIsNotBoundWhateverTheHostHeaderSays(String origin)
      throws IOException {
    var response =
        RawHttp.exchange(
            agent.ipv4(), "GET " + origin + "/v1/credentials HTTP/1.1", HOST, authorization);

    assertThat(response.status()).isEqualTo(403);
    assertThatItIsAnError(response, "HostNotAllowedException");
  }

  @Test
  void refusesABoundAbsoluteTargetWithAnotherHostHeader() throws IOException {
    var response =
        RawHttp.exchange(
            agent.ipv4(),
            "GET http://127.0.0.1/v1/credentials HTTP/1.1",
            "Host: evil.example",
            authorization);

    assertThat(response.status()).isEqualTo(403);
  }

  @Test
  void answersABoundAbsoluteTarget() throws IOException {
    var response =
        RawHttp.exchange(
            agent.ipv4(), "GET http://127.0.0.1:80/v1/credentials HTTP/1.1", HOST, authorization);

    assertThat(response.status()).isEqualTo(200);
  }

  @Test
  void looksAtTheHostBeforeTheToken() throws IOException {
    assertThat(agent.get("Host: evil.example").status()).isEqualTo(403);
  }

  @Test
  void wantsAHost() throws IOException {
    assertThat(agent.get(authorization).status()).isEqualTo(400);
  }

  @Test
  void wantsOneHostOnly() throws IOException {
    assertThat(agent.get(HOST, HOST, authorization).status()).isEqualTo(400);
  }

  @Test
  void wantsAToken() throws IOException {
    var response = agent.get(HOST);

    assertThat(response.status()).isEqualTo(400);
    assertThatItIsAnError(response, "MissingTokenException");
  }

  @Test
  void takesAnEmptyTokenForNone() throws IOException {
    var response = agent.get(HOST, "Authorization: ");

    assertThat(response.status()).isEqualTo(400);
    assertThatItIsAnError(response, "MissingTokenException");
  }

  @Test
  void wantsOneTokenOnly() throws IOException {
    var response = agent.get(HOST, authorization, authorization);

    assertThat(response.status()).isEqualTo(400);
    assertThatItIsAnError(response, "InvalidRequestException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not-a-token", "a.b.c", "..", "e30.e30.e30"})
  void refusesWhatIsNoToken(String text) throws IOException {
    var response = agent.get(HOST, "Authorization: " + text);

    assertThat(response.status()).isEqualTo(400);
    assertThatItIsAnError(response, "InvalidTokenException");
  }

  @Test
  void saysThatNoSchemeGoesBeforeTheToken() throws IOException {
    var response = agent.get(HOST, "Authorization: Bearer " + agent.token());

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).contains("Bearer");
  }

  @Test
  void refusesAnExpiredToken() throws IOException {
    var response = getWithClockMoved(Duration.ofHours(25));

    assertThat(response.status()).isEqualTo(400);
    assertThatItIsAnError(response, "ExpiredTokenException");
    assertThat(response.body()).contains("default/my-service-account");
  }

  @Test
  void refusesATokenThatIsNotYetValid() throws IOException {
    var response = getWithClockMoved(Duration.ofMinutes(-5));

    assertThat(response.status()).isEqualTo(400);
    assertThatItIsAnError(response, "InvalidTokenException");
  }

  @Test
  void refusesATokenThatIsTooLarge() throws IOException {
    var response =
        agent.get(HOST, "Authorization: " + "a".repeat(ServiceAccountToken.MAX_LENGTH + 1));

    assertThat(response.status()).isEqualTo(400);
    assertThatItIsAnError(response, "InvalidTokenException");
  }

  @Test
  void saysWhichAssociationIsMissing() throws IOException {
    var other = new ServiceAccountRef("payments", "reader");
    String token = agent.cluster.projectedToken(agent.cluster.startPod(other, "reader-1"));

    var response = agent.get(HOST, "Authorization: " + token);

    assertThat(response.status()).isEqualTo(404);
    assertThatItIsAnError(response, "ResourceNotFoundException");
    assertThat(response.body()).contains("payments/reader").contains("my-cluster");
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "ACCESS_DENIED",
        "EXPIRED_TOKEN",
        "INVALID_TOKEN",
        "INVALID_PARAMETER",
        "INVALID_REQUEST"
      })
  void passesARefusalOfEksAuthOnWithItsStatus(FailureReason reason) throws IOException {
    try (var failing = failing(reason)) {
      var response = failing.get(HOST, authorization);

      assertThat(response.status()).isEqualTo(400);
      assertThat(response.headers()).doesNotContainKey("retry-after");
      assertThatItIsAnError(response, reason.code());
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "THROTTLED",
        "SERVICE_UNAVAILABLE",
        "TIMED_OUT",
        "UNREACHABLE",
        "NODE_CREDENTIALS",
        "INVALID_ANSWER",
        "PENDING",
        "OVERLOADED",
        "CLOSED"
      })
  void asksToTryAgainWhereThatHelps(FailureReason reason) throws IOException {
    try (var failing = failing(reason)) {
      var response = failing.get(HOST, authorization);

      assertThat(response.status()).isEqualTo(503);
      assertThat(response.headers()).containsEntry("retry-after", "1");
      assertThatItIsAnError(response, reason.code());
    }
  }

  @Test
  void keeps429ForACallerThatIsItselfTooFast() throws IOException {
    try (var failing = failing(FailureReason.TOO_MANY_REQUESTS)) {
      var response = failing.get(HOST, authorization);

      assertThat(response.status()).isEqualTo(429);
      assertThat(response.headers()).containsEntry("retry-after", "1");
      assertThatItIsAnError(response, "TooManyRequestsException");
    }
  }

  @Test
  void answersTheUnforeseenWith500AndKeepsTheConnection() throws IOException {
    var calls = new AtomicInteger();
    try (var failing =
            AgentFixture.over(
                token -> {
                  if (calls.getAndIncrement() % 2 == 0) {
                    throw new StackOverflowError("of a source");
                  }
                  throw new IllegalStateException("of a source");
                },
                provider());
        var connection = RawHttp.connect(failing.ipv4())) {
      for (int i = 0; i < 4; i++) {
        var response = connection.send("GET /v1/credentials HTTP/1.1", HOST, authorization);

        assertThat(response.status()).isEqualTo(500);
        assertThatItIsAnError(response, "InternalFailureException");
      }
    }
    assertThat(calls).hasValue(4);
  }

  @Test
  void keepsTheConnectionAfterAnAnswerToAPod() throws IOException {
    try (var connection = RawHttp.connect(agent.ipv4())) {
      connection.send("GET /v1/credentials HTTP/1.1", HOST);
      connection.send("GET /v1/credentials HTTP/1.1", HOST, "Authorization: no.token.either");

      assertThat(connection.send("GET /v1/credentials HTTP/1.1", HOST, authorization).status())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1;Host: 127.0.0.1",
        "PUT /v1/credentials HTTP/1.1;Host: 127.0.0.1;Content-Length: 0",
        "GET /v1/credentials HTTP/1.1;Host: evil",
        "GET /v1/credentials HTTP/1.1;Host: 127.0.0.1;Authorization: a;Authorization: b"
      })
  void closesTheConnectionAfterARequestThatNoSdkMakes(String request) throws IOException {
    try (var connection = RawHttp.connect(agent.ipv4())) {
      var response = connection.send(request.split(";"));

      assertThat(response.headers()).containsEntry("connection", "close");
      assertThat(connection.isAtItsEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Via: 1.1 proxy", "Forwarded: for=192.0.2.1", "X-Forwarded-For: 192.0.2.1"})
  void refusesWhatCameThroughAProxy(String header) throws IOException {
    var response = agent.get(HOST, authorization, header);

    assertThat(response.status()).isEqualTo(400);
    assertThatItIsAnError(response, "InvalidRequestException");
    assertThat(response.body()).contains("NO_PROXY");
  }

  private RawHttp.Response getWithClockMoved(Duration by) throws IOException {
    try (var other = AgentFixture.withLocalCredentials(provider())) {
      String token = other.token();
      other.clock.advance(by);
      return other.get(HOST, "Authorization: " + token);
    }
  }

  private AgentFixture failing(FailureReason reason) throws IOException {
    return AgentFixture.over(
        token -> {
          throw new CredentialException(reason, "for a test");
        },
        provider());
  }

  private static void assertThatItIsAnError(RawHttp.Response response, String code)
      throws IOException {
    assertThat(response.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("cache-control", "no-store");
    JsonNode body = JsonMapper.builder().build().readTree(response.body());
    assertThat(body.get("code").textValue()).isEqualTo(code).isEqualTo(text(body, "Code"));
    assertThat(body.get("message").textValue()).isNotEmpty().isEqualTo(text(body, "Message"));
    assertThat(body).hasSize(4);
  }

  private static String text(JsonNode body, String member) {
    return body.get(member).textValue();
  }
}
