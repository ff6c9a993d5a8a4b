package dev.podidentity.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.server.ServerLoad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** An agent that is restarted loses its cache: clients that flood it must not bring that about. */
class FloodedProbesTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void takeAServerForAliveThatWorksOnTheRequestsOfOthers() throws IOException {
    try (var silent = listening()) {
      var begun = new AtomicLong();
      CheckResult result = health(silent, () -> load(begun.incrementAndGet(), false));

      assertThat(result.isOk()).isTrue();
      assertThat(result.reason()).contains("is flooded");
    }
  }

  @Test
  void takeAServerForDeadThatAnswersNobody() throws IOException {
    try (var silent = listening()) {
      assertThat(health(silent, () -> load(7, false)).outcome())
          .isEqualTo(CheckResult.Outcome.TIMED_OUT);
    }
  }

  @Test
  void takeAServerForDeadThatHasNoThreads() throws IOException {
    try (var silent = listening()) {
      var begun = new AtomicLong();

      assertThat(health(silent, () -> load(begun.incrementAndGet(), true)).isOk()).isFalse();
    }
  }

  @Test
  void takeAServerForAliveThatClosesWhatIsTooMuch() throws IOException {
    try (var closing = listening()) {
      var thread = new Thread(() -> closeNext(closing));
      thread.start();

      assertThat(health(closing, () -> load(7, false), LONG).reason()).contains("is flooded");
    }
  }

  @Test
  void takeAServerForDeadThatListensNoMore() throws IOException {
    ServerSocket gone = listening();
    gone.close();

    assertThat(health(gone, () -> load(7, false), LONG).outcome())
        .isEqualTo(CheckResult.Outcome.FAILED);
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  }

  private static void closeNext(ServerSocket server) {
    try {
      server.accept().close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ServerLoad load(long begun, boolean outOfThreads) {
    return new ServerLoad(0, 0, 0, begun, 0, outOfThreads);
  }

  private static CheckResult health(ServerSocket server, Supplier<ServerLoad> load) {
    return health(server, load, SHORT);
  }

  private static CheckResult health(
      ServerSocket server, Supplier<ServerLoad> load, Duration timeout) {
    var address = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    return Probes.of(() -> List.of(address))
        .load(load)
        .healthTimeout(timeout)
        .build()
        .health()
        .get(0);
  }
}
