package dev.podidentity.server.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class OperationsServerTest {
  private static final Probes NOTHING_TO_CHECK = Probes.of(List::of).build();

  @Test
  void isHealthyWhereEachSocketAnswersAsTheAgentDoes() throws Exception {
    try (var other = start(NOTHING_TO_CHECK);
        var server = start(Probes.of(other::addresses).build())) {
      var answer = get(server, "/healthz");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .contains("\"status\":\"healthy\"")
          .contains("127.0.0.1:" + other.addresses().get(0).getPort());
    }
  }

  /** Twenty clients of the metrics port, each of which asks again at once. */
  @Test
  void answersTheKubeletWhileManyAskForHealthOnTheMetricsPort() throws Exception {
    var seconds = new AtomicLong();
    try (var agent = start(NOTHING_TO_CHECK)) {
      var probes =
          Probes.of(agent::addresses)
              .ticker(() -> Duration.ofSeconds(seconds.incrementAndGet()).toNanos())
              .build();
      try (var forTheKubelet = start(probes);
          var forMetrics = start(probes)) {
        // A check that loads its classes may take longer than it is given on a busy machine.
        assertThat(get(forTheKubelet, "/healthz").status()).isEqualTo(200);
        var stopped = new AtomicBoolean();
        List<Thread> clients =
            Stream.generate(() -> new Thread(() -> askUntil(stopped, forMetrics)))
                .limit(20)
                .toList();
        clients.forEach(Thread::start);
        var statuses = new ArrayList<Integer>();
        for (int i = 0; i < 20; i++) {
          statuses.add(get(forTheKubelet, "/healthz").status());
        }
        stopped.set(true);
        for (Thread client : clients) {
          client.join();
        }

        assertThat(statuses).containsOnly(200);
      }
    }
  }

  private static void askUntil(AtomicBoolean stopped, OperationsServer server) {
    try {
      while (!stopped.get()) {
        get(server, "/healthz");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void isHealthyWithoutASocket() throws Exception {
    try (var server = start(NOTHING_TO_CHECK)) {
      assertThat(get(server, "/healthz").status()).isEqualTo(200);
    }
  }

  @Test
  void isUnhealthyWhereASocketIsGone() throws Exception {
    InetSocketAddress gone;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      gone = (InetSocketAddress) socket.getLocalSocketAddress();
    }
    try (var server = start(Probes.of(() -> List.of(gone)).build())) {
      var answer = get(server, "/healthz");

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body())
          .contains("\"status\":\"unhealthy\"")
          .contains("does not answer: Connection refused");
    }
  }

  @Test
  void isLateWhereASocketTakesTheConnectionAndSaysNothing() throws Exception {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var server =
            start(
                Probes.of(() -> List.of((InetSocketAddress) silent.getLocalSocketAddress()))
                    .healthTimeout(Duration.ofMillis(100))
                    .build())) {
      var answer = get(server, "/healthz");

      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).contains("\"outcome\":\"timed_out\"");
    }
  }

  @Test
  void isNotFooledBySomethingElseThatListensThere() throws Exception {
    try (var stranger = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var server =
            start(
                Probes.of(() -> List.of((InetSocketAddress) stranger.getLocalSocketAddress()))
                    .build())) {
      var answering = new Thread(() -> answerOk(stranger));
      answering.start();

      assertThat(get(server, "/healthz").status()).isEqualTo(500);
      answering.join();
    }
  }

  private static void answerOk(ServerSocket socket) {
    try (Socket connection = socket.accept()) {
      connection
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void doesNotAskThroughAProxy() throws Exception {
    System.setProperty("socksProxyHost", "127.0.0.1");
    System.setProperty("socksProxyPort", "1");
    System.setProperty("socksNonProxyHosts", "");
    try (var other = start(NOTHING_TO_CHECK)) {
      assertThat(Probes.of(other::addresses).build().health()).allMatch(CheckResult::isOk);
    } finally {
      System.clearProperty("socksProxyHost");
      System.clearProperty("socksProxyPort");
      System.clearProperty("socksNonProxyHosts");
    }
  }

  @Test
  void isReadyWhenAllChecksAre() throws Exception {
    try (var server =
        start(Probes.of(List::of).ready(() -> CheckResult.ok("a", "is there")).build())) {
      var answer = get(server, "/readyz");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo(
              "{\"status\":\"ready\",\"checks\":[{\"name\":\"a\",\"ok\":true,\"outcome\":\"ok\","
                  + "\"reason\":\"is there\"}]}");
    }
  }

  @Test
  void isNotReadyWhenOneCheckFailsAndStaysHealthy() throws Exception {
    var probes =
        Probes.of(List::of)
            .ready(() -> CheckResult.ok("a", "is there"))
            .ready(() -> CheckResult.failed("b", "is away"));
    try (var server = start(probes.build())) {
      assertThat(get(server, "/readyz").status()).isEqualTo(503);
      assertThat(get(server, "/readyz").body()).contains("is away");
      assertThat(get(server, "/healthz").status()).isEqualTo(200);
    }
  }

  @Test
  void takesAnExceptionForAFailure() throws Exception {
    var probes =
        Probes.of(List::of)
            .ready(
                () -> {
                  throw new IllegalStateException("with who knows what in it");
                });
    try (var server = start(probes.build())) {
      var answer = get(server, "/readyz");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("IllegalStateException").doesNotContain("who knows");
    }
  }

  @Test
  void takesAnErrorOfACheckForAFailureOfThatCheckAlone() {
    var results =
        Probes.of(List::of)
            .ready(
                () -> {
                  throw new StackOverflowError();
                })
            .ready(() -> CheckResult.ok("b", "is there"))
            .build()
            .readiness();

    assertThat(results).extracting(CheckResult::isOk).containsExactly(false, true);
  }

  @Test
  void checksOnceASecondHoweverManyProbesThereAre() throws Exception {
    var nanos = new AtomicLong();
    var checks = new AtomicInteger();
    var probes =
        Probes.of(List::of)
            .ready(() -> CheckResult.ok("count", "is " + checks.incrementAndGet()))
            .ticker(nanos::get)
            .build();

    probes.readiness();
    probes.readiness();
    assertThat(checks).hasValue(1);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    probes.readiness();
    assertThat(checks).hasValue(2);
  }

  @Test
  void servesMetricsInTheFormatThatTheClientTakes() throws Exception {
    try (var server =
        OperationsServer.builder(NOTHING_TO_CHECK)
            .listenOnLoopback(0)
            .metrics(accept -> new MetricsPage(accept == null ? "none" : accept, "up 1\n"))
            .start()) {
      Reply answer = send(server, "GET", "/metrics", "text/plain");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.contentType()).isEqualTo("text/plain");
      assertThat(answer.body()).isEqualTo("up 1\n");
    }
  }

  @Test
  void servesNeitherMetricsNorEntriesUnlessToldTo() throws Exception {
    try (var server = start(NOTHING_TO_CHECK)) {
      for (String path : List.of("/metrics", "/debug/entries", "/", "/healthz/", "/healthzX")) {
        assertThat(get(server, path).status()).describedAs(path).isEqualTo(404);
      }
    }
  }

  @Test
  void showsNoEntriesOfAnEmptyCache() throws Exception {
    try (var server =
        OperationsServer.builder(NOTHING_TO_CHECK)
            .listenOnLoopback(0)
            .debugEntries(List::of, Clock.systemUTC())
            .start()) {
      assertThat(get(server, "/debug/entries").body()).isEqualTo("{\"count\":0,\"entries\":[]}");
    }
  }

  @Test
  void refusesWebPagesOfOtherSites() throws Exception {
    try (var server =
        OperationsServer.builder(NOTHING_TO_CHECK)
            .listenOnLoopback(0)
            .metrics(accept -> new MetricsPage("text/plain", "up 1\n"))
            .debugEntries(List::of, Clock.systemUTC())
            .start()) {
      for (String path : List.of("/healthz", "/readyz", "/metrics", "/debug/entries")) {
        assertThat(status(server, path, "Host: localhost", "Origin: https://evil.example"))
            .describedAs(path)
            .isEqualTo(403);
        assertThat(status(server, path, "Host: localhost", "Sec-Fetch-Site: cross-site"))
            .describedAs(path)
            .isEqualTo(403);
        assertThat(status(server, path, "Host: localhost", "Sec-Fetch-Site: none"))
            .describedAs(path)
            .isEqualTo(200);
      }
    }
  }

  @Test
  void showsEntriesToWhoNamesAHostThatItKnowsAndProbesToAll() throws Exception {
    try (var server =
        OperationsServer.builder(NOTHING_TO_CHECK)
            .listenOnLoopback(0)
            .hostName("node.test")
            .debugEntries(List::of, Clock.systemUTC())
            .start()) {
      assertThat(status(server, "/debug/entries", "Host: evil.example")).isEqualTo(403);
      assertThat(status(server, "/debug/entries", "Host: node.test")).isEqualTo(200);
      assertThat(status(server, "/debug/entries", "Host: 10.0.0.7:2703")).isEqualTo(200);
      assertThat(status(server, "/healthz", "Host: any.example")).isEqualTo(200);
    }
  }

  /** The JDK's own client would not send these headers. */
  private static int status(OperationsServer server, String path, String... headers)
      throws IOException {
    try (var socket = new Socket()) {
      socket.connect(server.addresses().get(0));
      String request = "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String statusLine =
          new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return Integer.parseInt(statusLine.substring(9));
    }
  }

  @Test
  void answersHeadAndNothingButGetBeside() throws Exception {
    try (var server = start(NOTHING_TO_CHECK)) {
      assertThat(status(server, "HEAD")).isEqualTo(200);
      assertThat(status(server, "POST")).isEqualTo(405);
      assertThat(status(server, "DELETE")).isEqualTo(405);
    }
  }

  @Test
  void listensOnBothAddressesOfLocalhostWhereThereAreTwo() throws Exception {
    try (var server = start(NOTHING_TO_CHECK)) {
      var hosts = new ArrayList<String>();
      server.addresses().forEach(address -> hosts.add(address.getAddress().getHostAddress()));

      assertThat(hosts).first().isEqualTo("127.0.0.1");
      assertThat(hosts).isSubsetOf("127.0.0.1", "0:0:0:0:0:0:0:1");
    }
  }

  @Test
  void saysWhichAddressIsTaken() throws Exception {
    try (var first = start(NOTHING_TO_CHECK)) {
      var second =
          OperationsServer.builder(NOTHING_TO_CHECK)
              .listenOnLoopback(first.addresses().get(0).getPort());

      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1 port " + first.addresses().get(0).getPort())
          .hasMessageContaining("already in use");
    }
  }

  private static OperationsServer start(Probes probes) throws IOException {
    return OperationsServer.builder(probes).listenOnLoopback(0).start();
  }

  private static Reply get(OperationsServer server, String path) throws IOException {
    return send(server, "GET", path, "*/*");
  }

  private static int status(OperationsServer server, String method) throws IOException {
    return send(server, method, "/healthz", "*/*").status();
  }

  private static Reply send(OperationsServer server, String method, String path, String accept)
      throws IOException {
    int port = server.addresses().get(0).getPort();
    var url = URI.create("http://127.0.0.1:" + port + path).toURL();
    var connection = (HttpURLConnection) url.openConnection();
    connection.setRequestMethod(method);
    connection.setRequestProperty("Accept", accept);
    int status = connection.getResponseCode();
    try (InputStream body =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Reply(
          status,
          connection.getContentType(),
          body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private record Reply(int status, String contentType, String body) {}
}
