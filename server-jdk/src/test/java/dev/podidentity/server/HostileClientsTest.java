package dev.podidentity.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.spi.HttpServerProvider;
import dev.podidentity.credential.cache.CachingCredentialSource;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Clients that want to stop the agent, and a pod that goes on getting its credentials all the same:
 * each of its requests, in time. Afterwards nothing of the attack is left.
 */
@TestInstance(Lifecycle.PER_CLASS)
class HostileClientsTest {
  private static final int REQUESTS = 150;
  private static final int IDLE = 10_000;
  private static final int TOLERANCE = 12;

  /** Far above what is measured, which each test prints: the machine may be busy. */
  private static final double PATIENCE_MILLIS = 5_000;

  private CachingCredentialSource cache;
  private AgentFixture agent;
  private WellBehavedPod pod;
  private WellBehavedPod.Answers baseline;

  /** Who makes the servers; the JDK's own if null. */
  @Nullable HttpServerProvider provider() {
    return null;
  }

  @BeforeAll
  void start() throws Exception {
    var built = new AtomicReference<CachingCredentialSource>();
    agent =
        AgentFixture.of(
            cluster -> {
              var source = CachingCredentialSource.builder(cluster.credentials()).build();
              built.set(source);
              return source;
            },
            provider());
    cache = requireNonNull(built.get());
    pod = new WellBehavedPod(agent);
    pod.asks(REQUESTS);
    baseline = pod.asks(REQUESTS);
    System.out.println("no attack: " + baseline);
  }

  @AfterAll
  void stop() {
    agent.close();
    cache.close();
  }

  @Test
  void answersOthersWhileHeadersComeByTheByte() throws Exception {
    survives("slow headers", Flood.Shape.of(2_000, "GET /v1/credentials HTTP/1.1\r\nHost: 1", "2"));
  }

  @Test
  void answersOthersWhileBodiesComeByTheByte() throws Exception {
    survives(
        "slow bodies",
        Flood.Shape.of(
            2_000,
            "POST /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n",
            "x"));
  }

  @Test
  void answersOthersWhileHeadersNeverEnd() throws Exception {
    survives(
        "endless headers",
        Flood.Shape.of(
            100,
            "GET /v1/credentials HTTP/1.1\r\n",
            ("X-More: " + "y".repeat(1000) + "\r\n").repeat(8)));
  }

  @Test
  void answersOthersWhileConnectionsAreHalfOpen() throws Exception {
    survives(
        "half-open connections",
        Flood.Shape.of(1_000, "GET /v1/credentials HTTP/1.1\r\nHo", "").thatHalfCloses());
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
        Flood.Shape.of(1_200, request.repeat(20), request.repeat(20)).thatNeverReads());
  }

  @Test
  void answersOthersWhileTenThousandConnectionsAreIdle() throws Exception {
    Footprint before = Footprint.now();
    long heap = Footprint.heap();
    int port = agent.ipv4().getPort();
    var idle =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                IdleConnections.class.getName(),
                Integer.toString(port),
                Integer.toString(IDLE))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = idle.inputReader(StandardCharsets.UTF_8)) {
      String held = out.readLine();
      var answers = pod.asks(REQUESTS);
      System.out.printf(
          "idle connections (%s, %d descriptors here): %s, %d bytes of heap each%n",
          held, Footprint.now().descriptors(), answers, (Footprint.heap() - heap) / IDLE);
      assertThatEachWasAnswered(answers);
    } finally {
      idle.getOutputStream().close();
      idle.waitFor();
    }
    assertThatNothingIsLeft(before);
  }

  private void survives(String attack, Flood.Shape shape) throws Exception {
    Footprint before = Footprint.now();
    long heap = Footprint.heap();
    try (var flood = Flood.begin(agent.ipv4(), shape)) {
      var answers = pod.asks(REQUESTS);
      System.out.printf(
          "%s (%d at once, %d in all): %s; %d threads, %d KiB more heap%n",
          attack,
          shape.connections(),
          flood.opened(),
          answers,
          Footprint.now().threads(),
          (Footprint.heap() - heap) / 1024);
      assertThatEachWasAnswered(answers);
    }
    assertThatNothingIsLeft(before);
  }

  private void assertThatEachWasAnswered(WellBehavedPod.Answers answers) {
    assertThat(answers.failures()).isEqualTo(List.of());
    assertThat(answers.slowest()).isLessThan(PATIENCE_MILLIS);
  }

  private void assertThatNothingIsLeft(Footprint before) throws Exception {
    assertThat(before.afterwards(TOLERANCE))
        .matches(left -> left.isWithin(before, TOLERANCE), "no more than " + before);
    assertThat(cache.state().entries()).isEqualTo(1);
    assertThat(cache.state().flights()).isZero();
    assertThat(cache.state().waiters()).isZero();
  }
}
