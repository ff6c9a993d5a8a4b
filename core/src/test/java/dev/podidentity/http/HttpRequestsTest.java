package dev.podidentity.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
@Tag("every-jdk")
class HttpRequestsTest {
  private static final int MAX = 100;
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(200);

  private static HttpReply get(RawServer server, Duration timeout) throws IOException {
    return get(server.uri(), timeout);
  }

  private static HttpReply get(URI uri, Duration timeout) throws IOException {
    try (var requests =
        new HttpRequests(LONG, BodyLimits.withoutErrors(MAX), HttpRequests::trustedByTheJvm)) {
      return requests.send(HttpRequest.of("GET", uri, Map.of()), timeout);
    }
  }

  @Test
  void readsAReply() throws IOException {
    try (var server = RawServer.writing("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
      HttpReply reply = get(server, LONG);

      assertThat(reply.text()).isEqualTo("hi");
      assertThat(reply).hasToString("HttpReply[200]");
    }
  }

  @Test
  void leavesTheBodyOfARefusalUnread() throws IOException {
    try (var server = RawServer.trickling("HTTP/1.1 404 Not Found\r\n\r\n")) {
      HttpReply reply = get(server, LONG);

      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nX: ",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5f\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX:"
      })
  void isNotHeldUpByAServerThatTrickles(String head) throws IOException {
    try (var server = RawServer.trickling(head)) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(server, SHORT));
    }
  }

  @Test
  void isNotHeldUpByAServerThatSaysNothing() throws IOException {
    try (var server = RawServer.silent()) {
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> get(server, SHORT))
          .withMessage("no whole reply within 200 ms");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 10, 100, 1_000, 10_000, 100_000})
  void endsInTimeWhereverItIsWhenTimeIsUp(long micros) throws IOException {
    try (var server = RawServer.trickling("HTTP/1.1 200 OK\r\nX: ")) {
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> get(server, Duration.ofNanos(1_000 * micros)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X: yyyy\r\n", "X: ", "y"})
  void readsNoTrailersWithoutEnd(String trailer) throws IOException {
    String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
    try (var server = RawServer.writing(head + trailer.repeat(20_000))) {
      assertThatExceptionOfType(BadHttpException.class).isThrownBy(() -> get(server, LONG));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\u0000", "\u00e9"})
  void sendsNoHeaderThatCouldBeTwo(String value) {
    assertThatThrownBy(
            () ->
                HttpRequest.of(
                    "GET", URI.create("http://127.0.0.1/"), Map.of("Some-Header", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The header Some-Header holds what no header may hold");
  }

  @Test
  void saysThatARequestToWriteHasNoBody() throws IOException {
    var request =
        HttpRequest.of("PUT", URI.create("http://[::1]:8080?a=b"), Map.of("X-Secret", "canary"));

    assertThat(new String(request.bytes(), StandardCharsets.US_ASCII).lines())
        .containsExactly(
            "PUT /?a=b HTTP/1.1",
            "Host: [::1]:8080",
            "Connection: close",
            "User-Agent: pod-identity-java",
            "X-Secret: canary",
            "Content-Length: 0",
            "");
    assertThat(request).hasToString("PUT http://[::1]:8080?a=b");
  }

  @Test
  void isNotHeldUpByAHandshakeThatTrickles() throws IOException {
    // The head of a TLS record of 16 KiB.
    try (var server = RawServer.trickling("\u0016\u0003\u0003?\u00ff")) {
      URI uri = URI.create(server.uri().toString().replace("http:", "https:"));

      assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> get(uri, SHORT));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n"
      })
  void readsNoMoreThanIsWanted(String head) throws IOException {
    try (var server = RawServer.writing(head + "x".repeat(MAX + 1))) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> get(server, LONG))
          .withMessage("the reply is larger than 100 bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhi"
      })
  void refusesWhatIsNoWholeReply(String text) throws IOException {
    try (var server = RawServer.writing(text)) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(server, LONG));
    }
  }

  @Test
  void survivesInterimRepliesWithoutEnd() throws IOException {
    try (var server = RawServer.writing("HTTP/1.1 100 Continue\r\n\r\n".repeat(200_000))) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(server, LONG));
    }
  }

  @Test
  void doesNotAskAProxyThatTheJvmHas() throws IOException {
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
    try (var server = RawServer.writing("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
      assertThat(get(server, LONG).isOk()).isTrue();
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @Test
  void failsWhereNobodyListens() throws IOException {
    RawServer server = RawServer.silent();
    server.close();

    assertThatThrownBy(() -> get(server, LONG)).isInstanceOf(IOException.class);
  }
}
