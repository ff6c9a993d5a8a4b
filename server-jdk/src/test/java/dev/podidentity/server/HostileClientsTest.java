package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Clients that want to stop the agent, and a pod that goes on getting its credentials all the same:
 * each of its requests, in time, from a JVM of its own. Afterwards nothing of the attack is left.
 * Each test prints a row of the table in {@code docs/reliability.md}.
 *
 * <p>A quarter of the connections meets an agent with a quarter of the heap and of the open files:
 * the limits are as far away as with all of them. {@code -Dbesieged.share=1} sends them all.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("every-jdk")
class HostileClientsTest {
  private static final int REQUESTS = 150;

  /** Two listeners may have 7,500 connections each. */
  static final int OPEN_FILES = 20_000;

  private static final int TOLERANCE = 12;
  private static final int SHARE = Integer.getInteger("besieged.share", 4);

  /** Far above what is measured, which each test prints: the machine may be busy. */
  private static final double PATIENCE_MILLIS = 5_000;

  private static final String GET = "GET /v1/credentials HTTP/1.1\r\n";

  private BesiegedProcess agent;
  private WellBehavedPod pod;
  private BesiegedProcess.Holdings before;

  /** Starts what is attacked, on a heap with room to spare if no other is asked for. */
  BesiegedProcess besieged() throws Exception {
    String heap = System.getProperty("besieged.heap", 512 / SHARE + "m");
    return BesiegedProcess.start(false, heap, OPEN_FILES / SHARE);
  }

  @BeforeAll
  void start() throws Exception {
    agent = besieged();
    pod = new WellBehavedPod(agent.address(), agent.token());
    pod.asks(REQUESTS);
    var answers = pod.asks(REQUESTS);
    before = agent.holdings();
    print("no attack", 0, answers, before, before);
  }

  @AfterAll
  void leavesNoThreadBehind() throws Exception {
    var after = agent.holdingsOnce(left -> left.threads() <= before.threads() + TOLERANCE);
    agent.close();
    assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + TOLERANCE);
  }

  @Test
  void answersOthersWhileHeadersComeByTheByte() throws Exception {
    survives("slow headers", Flood.Shape.of(2_000 / SHARE, GET + "Host: 1", "2"));
  }

  /** On JDK 21 to 23, a virtual thread that reads a request keeps its processor from the others. */
  @Test
  void answersOthersWhileAsManyRequestsAsProcessorsAreHalfSent() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    survives(
        "a half-sent request for each processor", Flood.Shape.of(processors, GET + "Host: x", ""));
  }

  @Test
  void answersOthersWhileHeadersStopShortOfTheirLimit() throws Exception {
    String header = "X-More: " + "y".repeat(19_000);
    survives("19 KiB of headers, then slow ones", Flood.Shape.of(2_000 / SHARE, GET + header, "2"));
  }

  @Test
  void answersOthersWhileBothPortsThatPodsReachAreFlooded() throws Exception {
    String header = "X-More: " + "y".repeat(19_000);
    survives(
        "19 KiB of headers on both ports, then slow ones",
        Flood.Shape.of(2_000 / SHARE, GET + header, "2"),
        agent.metrics());
  }

  @Test
  void answersOthersWhileConnectionsAreIdleOnBothPorts() throws Exception {
    survives(
        "idle connections on both ports", Flood.Shape.of(5_000 / SHARE, "", ""), agent.metrics());
  }

  @Test
  void answersOthersWhileBodiesComeByTheByte() throws Exception {
    survives(
        "slow bodies",
        Flood.Shape.of(
            2_000 / SHARE,
            "POST /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n",
            "x"));
  }

  @Test
  void answersOthersWhileHeadersNeverEnd() throws Exception {
    survives(
        "endless headers",
        Flood.Shape.of(100, GET, ("X-More: " + "y".repeat(1000) + "\r\n").repeat(8)));
  }

  @Test
  void answersOthersWhileConnectionsAreHalfOpen() throws Exception {
    survives(
        "half-open connections",
        Flood.Shape.of(1_000 / SHARE, "GET /v1/credentials HTTP/1.1\r\nHo", "").thatHalfCloses());
  }

  @Test
  void answersOthersWhileRequestLinesAreAMebibyteLong() throws Exception {
    survives(
        "request lines of 1 MiB",
        Flood.Shape.of(20, "GET /" + "a".repeat(1 << 20), "a".repeat(1 << 16)));
  }

  @Test
  void answersOthersWhileClientsPipeline() throws Exception {
    String request = "GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    survives("pipelining", Flood.Shape.of(50, request.repeat(50), request.repeat(20)));
  }

  @Test
  void answersOthersWhileClientsNeverRead() throws Exception {
    String request = "GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    survives(
        "clients that never read",
        Flood.Shape.of(1_200 / SHARE, request.repeat(20), request.repeat(20)).thatNeverReads());
  }

  @Test
  void answersOthersWhileThousandsOfConnectionsAreIdle() throws Exception {
    survives("idle connections", Flood.Shape.of(7_000 / SHARE, "", ""));
  }

  @Test
  void answersOthersWhileConnectionsAreIdleBehindAnAnswer() throws Exception {
    survives(
        "connections that are kept",
        Flood.Shape.of(4_000 / SHARE, GET + "Host: 127.0.0.1\r\nAuthorization: none\r\n\r\n", ""));
  }

  @Test
  void answersOthersWhileRequestsEndAmbiguously() throws Exception {
    String hidden = credentials("Host: 127.0.0.1\r\n");
    String body = "\r\n0\r\n\r\n" + hidden;
    survives(
        "requests of ambiguous length",
        Flood.Shape.of(
            200,
            List.of(
                GET
                    + "Host: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n"
                    + body,
                GET + "Host: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n" + body,
                GET + "Host: 127.0.0.1\r\nContent-Length: +5\r\n" + body,
                GET + "Host: 127.0.0.1\nContent-Length: 5\n\n0\n\n" + hidden,
                GET
                    + "Host: 127.0.0.1\r\nX: a\r\n Content-Length: 5\r\nContent-Length: 9\r\n"
                    + body,
                GET + "Host: 127.0.0.1\r\nContent-Length\0: 5\r\n" + body)));
  }

  @Test
  void answersOthersWhileRequestsComeThroughAProxy() throws Exception {
    survives(
        "requests through a proxy",
        Flood.Shape.of(
            200,
            List.of(
                credentials("Host: 127.0.0.1\r\n").replace("GET /", "GET http://evil.example/"),
                credentials("Host: 127.0.0.1\r\nVia: 1.1 evil.example\r\n"),
                credentials("Host: 127.0.0.1\r\nX-Forwarded-For: 10.0.0.1\r\n"),
                "CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n")));
  }

  @Test
  void answersOthersWhileRequestsNameOtherHosts() throws Exception {
    survives(
        "requests for other hosts",
        Flood.Shape.of(
            200,
            List.of(
                credentials("Host: evil.example\r\n"),
                credentials("Host: 127.0.0.1.evil.example\r\n"),
                credentials("Host: 127.0.0.1\r\nHost: evil.example\r\n"),
                credentials(""))));
  }

  private String credentials(String headers) {
    return GET + headers + "Authorization: " + agent.token() + "\r\n\r\n";
  }

  private void survives(String attack, Flood.Shape shape) throws Exception {
    survives(attack, shape, null);
  }

  /** The kubelet asks meanwhile whether the agent lives. */
  private void survives(String attack, Flood.Shape shape, @Nullable InetSocketAddress second)
      throws Exception {
    Flood flood = Flood.begin(agent.address(), shape);
    WellBehavedPod.Answers answers;
    BesiegedProcess.Holdings during;
    RawHttp.Response health;
    try (flood;
        Flood other = second == null ? null : Flood.begin(second, shape)) {
      answers = pod.asks(REQUESTS);
      during = agent.holdings();
      health = RawHttp.exchange(agent.probes(), "GET /healthz HTTP/1.1", "Host: localhost");
      assertThat(other == null || other.credentials() == 0).isTrue();
    }
    var after = agent.holdingsOnce(this::isNothingLeft);
    assertThat(health.status()).describedAs(health.body()).isEqualTo(200);
    print(attack, flood.opened(), answers, during, after);
    assertThat(answers.failures()).isEqualTo(List.of());
    assertThat(answers.slowest()).isLessThan(PATIENCE_MILLIS);
    assertThat(flood.credentials()).describedAs("credentials for the attacker").isZero();
    assertThat(after).matches(this::isNothingLeft, "no more than " + before);
  }

  private boolean isNothingLeft(BesiegedProcess.Holdings left) {
    return left.descriptors() <= before.descriptors() + TOLERANCE
        && left.requests() == 0
        && left.entries() == 1
        && left.calls() == 0;
  }

  private static void print(
      String attack,
      long opened,
      WellBehavedPod.Answers answers,
      BesiegedProcess.Holdings during,
      BesiegedProcess.Holdings after) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %,d | %.1f | %.1f | %.1f | %.1f | %d | %d | %d, %d, %d |%n",
        attack,
        opened,
        answers.median(),
        answers.slowest(),
        during.heapKib() / 1024.0,
        during.residentKib() / 1024.0,
        during.threads(),
        during.requests(),
        after.descriptors(),
        after.requests(),
        after.entries() + after.calls());
  }
}
