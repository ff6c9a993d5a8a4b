package dev.podidentity.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.binding.IpLiteral;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Requests that are almost right, sent in pieces, one behind the other, cut off and reset, while a
 * pod asks for its credentials. {@code -Dmutated.requests=300000} sends more of them; {@code
 * docs/reliability.md} has what came of it.
 */
@Tag("every-jdk")
class MutatedRequestsTest {
  private static final int REQUESTS = Integer.getInteger("mutated.requests", 3_000);
  private static final int ASKED = REQUESTS >= 100_000 ? 999 : 99;
  private static final int ATTACKERS = 6;
  private static final int TOLERANCE = 12;
  private static final int TIMEOUT_MILLIS = 30_000;

  /** Ports of one address would run out. */
  private static final int ADDRESSES = 200;

  private static final List<String> HEADERS =
      List.of(
          "Content-Length: 5",
          "Content-Length: 5\r\nContent-Length: 6",
          "Content-Length: -1",
          "Content-Length: 99999999999999999999",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nContent-Length: 5",
          "Transfer-Encoding: identity, chunked",
          "Transfer-Encoding\t: chunked",
          "Host: evil.example",
          "Connection: close",
          "Connection: keep-alive, upgrade\r\nUpgrade: h2c",
          "Expect: 100-continue",
          "X-Forwarded-For: 10.0.0.1",
          "X: a\r\n b",
          ": nameless",
          "Authorization: eyJhbGciOiJub25lIn0.e30.",
          "X: \u0000\u00ff");

  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger credentials = new AtomicInteger();

  @Test
  void takeNothingFromAPodAndLeaveNothing() throws Exception {
    try (var agent =
        BesiegedProcess.start(
            false, System.getProperty("besieged.heap", "512m"), HostileClientsTest.OPEN_FILES)) {
      var pod = new WellBehavedPod(agent.address(), agent.token());
      pod.asks(ASKED);
      var before = agent.holdings();
      var threads = Executors.newFixedThreadPool(ATTACKERS);
      List<Future<?>> attackers = new ArrayList<>();
      for (int attacker = 0; attacker < ATTACKERS; attacker++) {
        int number = attacker;
        attackers.add(threads.submit(() -> attack(agent.address(), number)));
      }
      var answers = pod.asks(ASKED);
      for (Future<?> attacker : attackers) {
        attacker.get();
      }
      threads.shutdown();
      var after =
          agent.holdingsOnce(
              left ->
                  left.descriptors() <= before.descriptors() + TOLERANCE
                      && left.threads() <= before.threads() + TOLERANCE
                      && left.requests() == 0);
      System.out.printf(
          Locale.ROOT,
          "%,d mutated requests, %,d answered; the pod: %s; threads %d, then %d; descriptors %d,"
              + " then %d%n",
          REQUESTS,
          answered.get(),
          answers,
          before.threads(),
          after.threads(),
          before.descriptors(),
          after.descriptors());
      assertThat(answers.failures()).isEqualTo(List.of());
      assertThat(credentials).hasValue(0);
      assertThat(after.requests()).isZero();
      assertThat(after.calls()).isZero();
      assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + TOLERANCE);
      assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + TOLERANCE);
    }
  }

  private void attack(InetSocketAddress agent, int attacker) {
    var random = new SplittableRandom(attacker);
    for (int i = attacker; i < REQUESTS; i += ATTACKERS) {
      try (var socket = new Socket()) {
        InetAddress from = IpLiteral.parse("127.0.1." + (1 + i % ADDRESSES)).orElseThrow();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(agent);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        send(socket, mutated(random), random);
      } catch (IOException e) {
        // The agent closed or reset the connection, as it may.
      }
    }
  }

  private void send(Socket socket, String request, SplittableRandom random) throws IOException {
    socket.setTcpNoDelay(true);
    int pieces = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
    int length = request.length() / pieces + 1;
    for (int at = 0; at < request.length(); at += length) {
      String piece = request.substring(at, Math.min(request.length(), at + length));
      socket.getOutputStream().write(piece.getBytes(ISO_8859_1));
    }
    switch (random.nextInt(4)) {
      case 0 -> socket.setSoLinger(true, 0);
      case 1 -> {
        // Closed without waiting for an answer.
      }
      default -> {
        socket.shutdownOutput();
        String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        answered.addAndGet(answer.startsWith("HTTP/1.1 ") ? 1 : 0);
        credentials.addAndGet(answer.contains("SecretAccessKey") ? 1 : 0);
      }
    }
  }

  private static String mutated(SplittableRandom random) {
    var request = new StringBuilder();
    int pipelined = random.nextInt(5) == 0 ? 2 + random.nextInt(3) : 1;
    for (int i = 0; i < pipelined; i++) {
      request.append(request(random));
    }
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      change(request, random);
    }
    return request.toString();
  }

  private static String request(SplittableRandom random) {
    List<String> lines = new ArrayList<>();
    lines.add(
        List.of("GET", "GET", "GET", "POST", "HEAD", "OPTIONS", "get").get(random.nextInt(7))
            + " "
            + List.of("/v1/credentials", "/v1/credentials", "/", "*", "//v1/credentials?x")
                .get(random.nextInt(5))
            + " "
            + List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0").get(random.nextInt(4)));
    lines.add("Host: 127.0.0.1");
    int headers = random.nextInt(4);
    for (int i = 0; i < headers; i++) {
      lines.add(1 + random.nextInt(lines.size()), HEADERS.get(random.nextInt(HEADERS.size())));
    }
    String end = random.nextInt(10) == 0 ? "\n" : "\r\n";
    String body = random.nextInt(3) == 0 ? "0" + end + end + "GET /v1/credentials HTTP/1.1" : "";
    return String.join(end, lines) + end + end + body;
  }

  private static void change(StringBuilder request, SplittableRandom random) {
    if (request.length() == 0) {
      return;
    }
    int at = random.nextInt(request.length());
    switch (random.nextInt(4)) {
      case 0 -> request.deleteCharAt(at);
      case 1 -> request.setCharAt(at, (char) random.nextInt(256));
      case 2 -> request.insert(at, (char) random.nextInt(256));
      default -> request.setLength(at);
    }
  }
}
