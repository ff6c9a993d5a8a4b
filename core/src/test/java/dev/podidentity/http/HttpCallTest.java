package dev.podidentity.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.http.BodyLimits.OfErrors;
import dev.podidentity.tls.TlsKeys;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ways that a call goes, and how it ends before its time. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@Tag("every-jdk")
class HttpCallTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String HI = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

  private final TlsKeys keys = TlsKeys.of("server", "dns:server.invalid");

  HttpCallTest() throws IOException, InterruptedException {}

  private HttpRequests requests() {
    return new HttpRequests(
        LONG,
        new BodyLimits(100, OfErrors.WHOLE),
        () -> {
          try {
            return keys.trusting();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static HttpRequest by(LeadingProxy proxy, String uri) {
    var way = HttpProxy.parse("http://some%20body:pass-word@127.0.0.1:" + proxy.port());
    return HttpRequest.of("GET", URI.create(uri), Map.of()).by(way);
  }

  @Test
  void goesThroughAProxyToAServerThatTheProxyLooksUp() throws IOException {
    try (var server = RawServer.start(keys.sockets(), out -> out.write(bytes(HI)));
        var proxy = LeadingProxy.to(server.port())) {
      HttpReply reply = requests().send(by(proxy, "https://server.invalid/path"), LONG);

      assertThat(reply.text()).isEqualTo("hi");
      assertThat(proxy.heads().get(0).lines())
          .containsExactly(
              "CONNECT server.invalid:443 HTTP/1.1",
              "Host: server.invalid:443",
              // RFC 7617: "some body:pass-word".
              "Proxy-Authorization: Basic c29tZSBib2R5OnBhc3Mtd29yZA==",
              "");
    }
  }

  @Test
  void trustsNoServerBehindAProxyUnderAnotherName() throws IOException {
    try (var server = RawServer.start(keys.sockets(), out -> out.write(bytes(HI)));
        var proxy = LeadingProxy.to(server.port())) {
      assertThatThrownBy(() -> requests().send(by(proxy, "https://other.invalid/path"), LONG))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void tellsAProxyInTheClearTheWholeUri() throws IOException {
    try (var server = RawServer.writing(HI);
        var proxy = LeadingProxy.to(server.port())) {
      HttpReply reply = requests().send(by(proxy, "http://server.invalid:81/path?a=b"), LONG);

      assertThat(reply.text()).isEqualTo("hi");
      assertThat(proxy.heads().get(0))
          .startsWith("GET http://server.invalid:81/path?a=b HTTP/1.1\r\n")
          .contains("Host: server.invalid:81\r\n", "Proxy-Authorization: Basic ");
    }
  }

  @Test
  void saysThatAProxyRefuses() throws IOException {
    try (var proxy = RawServer.writing("HTTP/1.1 407 Who are you?\r\n\r\n")) {
      var way = HttpProxy.parse("http://somebody:pass-word@127.0.0.1:" + proxy.port());
      var request = HttpRequest.of("GET", URI.create("https://[fd00::1]/"), Map.of()).by(way);

      assertThatThrownBy(() -> requests().send(request, LONG))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "the proxy 127.0.0.1:%s does not connect to [fd00::1]:443: it answered 407, so the"
                  + " proxy's URL needs a user and a password that it accepts",
              proxy.port());
    }
  }

  @Test
  void isNotHeldUpByAProxyThatTrickles() throws IOException {
    try (var proxy = RawServer.trickling("HTTP/1.1 200 OK\r\nX: ")) {
      var way = HttpProxy.parse("127.0.0.1:" + proxy.port());
      var request = HttpRequest.of("GET", URI.create("https://server.invalid/"), Map.of()).by(way);

      assertThatThrownBy(() -> requests().send(request, Duration.ofMillis(200)))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void looksAHostUpThatIsAskedByNoProxy() {
    var request = HttpRequest.of("GET", URI.create("http://server.invalid/"), Map.of());

    assertThatThrownBy(() -> requests().send(request, LONG))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageStartingWith("server.invalid");
  }

  @Test
  void sendsABody() throws IOException {
    var request =
        HttpRequest.of("POST", URI.create("http://127.0.0.1/"), Map.of("host", "vpce.example"))
            .with(bytes("{}"));

    assertThat(new String(request.bytes(), StandardCharsets.US_ASCII))
        .contains("Host: vpce.example\r\n", "Content-Length: 2\r\n")
        .endsWith("\r\n\r\n{}");
  }

  @Test
  void failsWhereTheBodyOfAnErrorFails() throws IOException {
    try (var server = RawServer.writing("HTTP/1.1 400 X\r\nContent-Length: 20\r\n\r\n{")) {
      var request = HttpRequest.of("GET", server.uri(), Map.of());

      assertThatThrownBy(() -> requests().send(request, LONG)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void endsWhenItIsAborted() throws Exception {
    var asked = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    try (var server =
        RawServer.start(
            out -> {
              asked.countDown();
              ended.await();
            })) {
      HttpCall call = requests().call(HttpRequest.of("GET", server.uri(), Map.of()));
      var failure =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return "answered " + call.send(LONG);
                } catch (IOException e) {
                  return e.getClass().getSimpleName();
                }
              });
      asked.await();
      call.abort();

      assertThat(failure.join()).isEqualTo("SocketException");
      assertThatThrownBy(() -> call.send(LONG)).hasMessage("aborted");
    } finally {
      ended.countDown();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
