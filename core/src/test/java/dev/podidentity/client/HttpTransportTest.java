package dev.podidentity.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.podidentity.http.BadHttpException;
import dev.podidentity.http.HttpReply;
import dev.podidentity.http.HttpRequests;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class HttpTransportTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(200);

  private static HttpTransport transport() {
    return new HttpTransport(LONG, HttpRequests::trustedByTheJvm);
  }

  private static HttpReply get(FakeAgent agent, Duration timeout) throws IOException {
    return transport().get(endpoint(agent), "the-token", timeout);
  }

  private static AgentEndpoint endpoint(FakeAgent agent) {
    return AgentEndpoint.parse(agent.uri() + "?a=b", "The test");
  }

  private static FakeAgent.Behaviour raw(String text) {
    return (request, connection) -> FakeAgent.write(connection, text);
  }

  private static String body(HttpReply answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void sendsOneRequestWithTheTokenAsItIs() throws IOException {
    try (var agent = FakeAgent.start(FakeAgent.json(200, "{}"))) {
      HttpReply answer = get(agent, LONG);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(body(answer)).isEqualTo("{}");
      assertThat(agent.requests()).hasSize(1);
      FakeAgent.Request request = agent.requests().get(0);
      assertThat(request.line()).isEqualTo("GET /v1/credentials?a=b HTTP/1.1");
      assertThat(request.header("authorization")).isEqualTo("the-token");
      assertThat(request.header("host")).isEqualTo("127.0.0.1:" + agent.port());
      assertThat(request.header("connection")).isEqualTo("close");
    }
  }

  @Test
  void speaksToAnIpv6Address() throws IOException {
    try (var agent = FakeAgent.startOnIpv6(FakeAgent.json(200, "{}"))) {
      assertThat(get(agent, LONG).status()).isEqualTo(200);
      assertThat(agent.requests().get(0).header("host")).isEqualTo("[::1]:" + agent.port());
    }
  }

  @Test
  void asksOnceWhenTheConnectionEndsEarly() throws IOException {
    try (var agent = FakeAgent.start((request, connection) -> {})) {
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> get(agent, LONG));
      assertThat(agent.requests()).hasSize(1);
    }
  }

  @Test
  void doesNotFollowARedirect() throws IOException {
    try (var elsewhere = FakeAgent.start(FakeAgent.json(200, "{}"));
        var agent =
            FakeAgent.start(FakeAgent.json(302, "", "Location: " + elsewhere.uri().toString()))) {
      assertThat(get(agent, LONG).status()).isEqualTo(302);
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @Test
  void goesThroughNoProxy() throws IOException {
    ProxySelector before = ProxySelector.getDefault();
    try (var proxy = FakeAgent.start(FakeAgent.json(200, "{\"from\": \"proxy\"}"));
        var agent = FakeAgent.start(FakeAgent.json(200, "{}"))) {
      ProxySelector.setDefault(
          ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())));
      System.setProperty("socksProxyHost", "127.0.0.1");
      System.setProperty("socksProxyPort", Integer.toString(proxy.port()));

      assertThat(body(get(agent, LONG))).isEqualTo("{}");
      assertThat(proxy.requests()).isEmpty();
    } finally {
      ProxySelector.setDefault(before);
      System.clearProperty("socksProxyHost");
      System.clearProperty("socksProxyPort");
    }
  }

  @Test
  void givesUpOnAnAgentThatHangs() throws IOException {
    var released = new CountDownLatch(1);
    try (var agent = FakeAgent.start((request, connection) -> released.await())) {
      assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> get(agent, SHORT));
    } finally {
      released.countDown();
    }
  }

  @Test
  void givesUpOnAnAgentThatTrickles() throws IOException {
    FakeAgent.Behaviour trickle =
        (request, connection) -> {
          FakeAgent.write(connection, "HTTP/1.1 200 OK\r\nX: ");
          while (true) {
            FakeAgent.write(connection, "y");
            new CountDownLatch(1).await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
          }
        };
    try (var agent = FakeAgent.start(trickle)) {
      assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> get(agent, SHORT));
    }
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var endpoint = AgentEndpoint.parse("http://127.0.0.1:" + port, "The test");

    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> transport().get(endpoint, null, LONG));
  }

  @Test
  void readsNoMoreThanCredentialsNeed() throws IOException {
    var hungUp = new CountDownLatch(1);
    FakeAgent.Behaviour endless =
        (request, connection) -> {
          FakeAgent.write(connection, "HTTP/1.1 200 OK\r\n\r\n");
          String block = "x".repeat(8192);
          try {
            while (true) {
              FakeAgent.write(connection, block);
            }
          } finally {
            hungUp.countDown();
          }
        };
    try (var agent = FakeAgent.start(endless)) {
      assertThatExceptionOfType(BadHttpException.class)
          .isThrownBy(() -> get(agent, LONG))
          .withMessage("the reply is larger than 65536 bytes");
      assertThat(hungUp).satisfies(CountDownLatch::await);
    }
  }

  @Test
  void refusesALengthThatIsTooLargeWithoutReading() throws IOException {
    try (var agent =
        FakeAgent.start(raw("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"))) {
      assertThatExceptionOfType(BadHttpException.class).isThrownBy(() -> get(agent, LONG));
    }
  }

  @Test
  void readsChunks() throws IOException {
    String chunked =
        String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Transfer-Encoding: chunked",
            "",
            "3",
            "{\"a",
            "4;x=y",
            "\":1}",
            "0",
            "Trailer: z",
            "",
            "");
    try (var agent = FakeAgent.start(raw(chunked))) {
      assertThat(body(get(agent, LONG))).isEqualTo("{\"a\":1}");
    }
  }

  @Test
  void boundsTheSumOfChunks() throws IOException {
    String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(3);
    try (var agent = FakeAgent.start(raw(chunked))) {
      assertThatExceptionOfType(BadHttpException.class).isThrownBy(() -> get(agent, LONG));
    }
  }

  @Test
  void passesOverInterimAnswers() throws IOException {
    String answer =
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    try (var agent = FakeAgent.start(raw(answer))) {
      assertThat(get(agent, LONG).status()).isEqualTo(200);
    }
  }

  @Test
  void saysThatABodyWasCutShort() throws IOException {
    try (var agent = FakeAgent.start(raw("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"Acc"))) {
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> get(agent, LONG));
    }
  }

  @Test
  void keepsTheStatusOfAnErrorWhoseBodyIsLost() throws IOException {
    try (var agent = FakeAgent.start(raw("HTTP/1.1 404 No\r\nContent-Length: 20\r\n\r\nassoc"))) {
      HttpReply answer = get(agent, LONG);

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).isEmpty();
    }
  }

  @Test
  void refusesWhatIsNotHttp() throws IOException {
    for (String answer :
        List.of(
            "SSH-2.0-OpenSSH_9.6\r\n\r\n",
            "HTTP/2 200\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot-hex\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
            "HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000) + "\r\n\r\n")) {
      try (var agent = FakeAgent.start(raw(answer))) {
        assertThatExceptionOfType(BadHttpException.class)
            .as(answer.lines().findFirst().orElseThrow())
            .isThrownBy(() -> get(agent, LONG));
      }
    }
  }

  @Test
  void readsHowLongToWait() throws IOException {
    try (var agent = FakeAgent.start(FakeAgent.json(429, "", "Retry-After: 7"))) {
      assertThat(get(agent, LONG).retryAfter()).contains(Duration.ofSeconds(7));
    }
    try (var agent = FakeAgent.start(FakeAgent.json(429, "", "Retry-After: tomorrow"))) {
      assertThat(get(agent, LONG).retryAfter()).isEmpty();
    }
  }

  @Test
  void endsARequestThatIsUnderWayWhenItIsClosed() throws IOException {
    var released = new CountDownLatch(1);
    var transport = transport();
    FakeAgent.Behaviour closeTheClient =
        (request, connection) -> {
          transport.close();
          released.await();
        };
    try (var agent = FakeAgent.start(closeTheClient)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> transport.get(endpoint(agent), null, LONG))
          .isNotInstanceOf(SocketTimeoutException.class);
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> transport.get(endpoint(agent), null, LONG));
    } finally {
      released.countDown();
    }
  }
}
