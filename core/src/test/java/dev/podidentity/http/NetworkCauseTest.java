package dev.podidentity.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.podidentity.http.BodyLimits.OfErrors;
import dev.podidentity.tls.TlsKeys;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each cause that a request can fail of on its way, provoked where this machine can do so. */
@Tag("every-jdk")
class NetworkCauseTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final String HI = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

  private static Throwable failure(HttpRequest request, Duration timeout) {
    return failure(request, timeout, HttpRequests::trustedByTheJvm);
  }

  private static Throwable failure(
      HttpRequest request, Duration timeout, Supplier<SSLSocketFactory> trust) {
    var requests = new HttpRequests(LONG, new BodyLimits(100, OfErrors.WHOLE), trust);
    // As the AWS SDK does: it puts its own exception around it.
    return new IllegalStateException(catchThrowable(() -> requests.send(request, timeout)));
  }

  private static HttpRequest get(String uri) {
    return HttpRequest.of("GET", URI.create(uri), Map.of());
  }

  private static void assertIs(Throwable failure, NetworkCause cause, String... texts) {
    assertThat(NetworkCause.of(failure)).describedAs("%s", failure.getCause()).contains(cause);
    assertThat(NetworkCause.describe(failure).orElseThrow()).contains(texts);
  }

  @Test
  void namesAHostThatDnsDoesNotKnow() {
    assertIs(
        failure(get("http://server.invalid/"), LONG), NetworkCause.UNKNOWN_NAME, "server.invalid");
  }

  @Test
  void saysThatNothingListens() throws IOException {
    int free;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    assertIs(failure(get("http://127.0.0.1:" + free + "/"), LONG), NetworkCause.REFUSED, "refused");
  }

  @Test
  void saysThatTheConnectionWasEnded() throws IOException {
    try (var server = RawServer.writing("")) {
      assertIs(failure(get(server.uri().toString()), LONG), NetworkCause.RESET, "ended");
    }
    assertIs(new SocketException("Connection reset"), NetworkCause.RESET, "ended");
    assertIs(new EOFException("the reply ended in the middle"), NetworkCause.RESET, "ended");
  }

  @Test
  void tellsThatThereIsNoRoute() {
    assertIs(new NoRouteToHostException("Network is unreachable"), NetworkCause.NO_ROUTE, "route");
  }

  @Test
  void tellsATimeoutWhileConnectingFromOneWhileWaiting() throws IOException {
    assertIs(
        new ConnectTimeoutException(new SocketTimeoutException("Connect timed out")),
        NetworkCause.CONNECT_TIMEOUT,
        "security group");
    try (var server = RawServer.silent()) {
      assertIs(
          failure(get(server.uri().toString()), SHORT), NetworkCause.ANSWER_TIMEOUT, "no whole");
    }
  }

  @Test
  void saysWhatAProxyAnswered() throws IOException {
    try (var proxy = RawServer.writing("HTTP/1.1 407 Who are you?\r\n\r\n")) {
      var way = HttpProxy.parse("http://somebody:pass-word@127.0.0.1:" + proxy.port());
      Throwable failure = failure(get("https://server.invalid/").by(way), LONG);

      assertIs(failure, NetworkCause.PROXY, "127.0.0.1:" + proxy.port(), "407", "password");
      assertThat(NetworkCause.describe(failure).orElseThrow()).doesNotContain("pass-word");
    }
  }

  @Test
  void saysWhoIssuedACertificateThatIsNotTrusted() throws Exception {
    var keys = TlsKeys.of("a-private-authority", "ip:127.0.0.1");
    try (var server =
        RawServer.start(keys.sockets(), out -> out.write(HI.getBytes(StandardCharsets.US_ASCII)))) {
      assertIs(
          failure(get("https://127.0.0.1:" + server.port() + "/"), LONG),
          NetworkCause.UNTRUSTED,
          "issued by 'CN=a-private-authority'");
    }
  }

  @Test
  void saysForWhomACertificateIs() throws Exception {
    var keys = TlsKeys.of("somebody-else", "dns:somebody-else.invalid");
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("one", certificate(keys));
    SSLSocketFactory trust = HttpRequests.trusting(trusted);
    try (var server =
        RawServer.start(keys.sockets(), out -> out.write(HI.getBytes(StandardCharsets.US_ASCII)))) {
      assertIs(
          failure(get("https://127.0.0.1:" + server.port() + "/"), LONG, () -> trust),
          NetworkCause.ANOTHER_HOST,
          "CN=somebody-else");
    }
  }

  private static Certificate certificate(TlsKeys keys) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(
            new ByteArrayInputStream(keys.certificate().getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void saysThatTlsFailed() throws IOException {
    try (var server = RawServer.writing("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      assertIs(
          failure(get("https://127.0.0.1:" + server.port() + "/"), LONG),
          NetworkCause.TLS,
          "TLS failed");
    }
  }

  @Test
  void saysNothingOfWhatIsNotOfTheNetwork() {
    assertThat(NetworkCause.of(new BadHttpException("is not HTTP/1.1"))).isEmpty();
    assertThat(NetworkCause.describe(new IllegalStateException("something"))).isEmpty();
  }
}
