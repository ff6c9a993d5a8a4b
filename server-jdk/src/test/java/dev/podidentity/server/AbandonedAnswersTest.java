package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.cache.CachingCredentialSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients that are gone before their answer is there. The JDK's server counts connections until it
 * learns of their end; what it never learns of would in the end leave room for nobody.
 */
@Tag("every-jdk")
class AbandonedAnswersTest {
  private static final int LIMIT = 20;
  private static final int MAX_TRIES = 10;

  @Test
  void leavesRoomForOthersWhenClientsGoAway() throws Exception {
    String output =
        ChildJvm.run(
            AbandonedAnswers.class,
            List.of(
                "-Djdk.httpserver.maxConnections=" + LIMIT, "-Dsun.net.httpserver.maxRspTime=600"),
            Map.of());

    assertThat(output).contains("status=404");
  }

  @Test
  void leavesRoomForOthersWhenClientsThatAreHeldGoAway() throws Exception {
    String output =
        ChildJvm.run(
            AbandonedWhileHeld.class,
            List.of(
                "-Djdk.httpserver.maxConnections=" + LIMIT, "-Dsun.net.httpserver.maxRspTime=600"),
            Map.of());

    assertThat(output).contains("status=400");
  }

  /**
   * The same with requests that wait without a thread, and whose connections are lost meanwhile.
   */
  static final class AbandonedWhileHeld {
    private static final int AT_ONCE = LIMIT / 2;

    public static void main(String[] args) throws Exception {
      var timers = new HeldExchangesTest.Timers();
      try (var cache =
              CachingCredentialSource.builder(
                      token -> {
                        throw new CredentialException(
                            FailureReason.SERVICE_UNAVAILABLE, "for a test");
                      })
                  .ticker(() -> 0)
                  .scheduler(timers)
                  .build();
          var agent = AgentFixture.of(cluster -> cache, null)) {
        String authorization = "Authorization: " + agent.token();
        for (int i = 0; i < 6; i++) {
          abandon(agent, authorization, timers);
        }
        System.out.println(
            "status=" + agent.get("Host: 127.0.0.1", "Authorization: none").status());
      }
    }

    private static void abandon(
        AgentFixture agent, String authorization, HeldExchangesTest.Timers timers)
        throws Exception {
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        var socket = new Socket(agent.ipv4().getAddress(), agent.ipv4().getPort());
        socket.setSoLinger(true, 0);
        socket.getOutputStream().write(request(authorization));
        sockets.add(socket);
      }
      await(() -> agent.server.load().held() == AT_ONCE);
      for (Socket socket : sockets) {
        socket.close();
      }
      timers.runWithin(Duration.ofMillis(900));
      await(() -> agent.server.load().held() == 0 && agent.server.load().underWay() == 0);
    }

    private static void await(BooleanSupplier condition) {
      while (!condition.getAsBoolean()) {
        Thread.onSpinWait();
      }
    }
  }

  private static byte[] request(String authorization) {
    return ("GET /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\n" + authorization + "\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Abandons more answers than there may be connections, and then asks for one. */
  static final class AbandonedAnswers {
    public static void main(String[] args) throws Exception {
      var asked = new Semaphore(0);
      var gone = new Semaphore(0);
      try (var agent =
          AgentFixture.over(
              token -> {
                asked.release();
                gone.acquireUninterruptibly();
                throw new CredentialException(FailureReason.RESOURCE_NOT_FOUND, "for a test");
              })) {
        String authorization = "Authorization: " + agent.token();
        for (int i = 0; i < 3 * LIMIT; i++) {
          abandonInTheEnd(agent, authorization, asked);
          gone.release();
        }
        gone.release();
        var never = new CountDownLatch(1);
        for (int i = 0; i < 50 && never.getCount() > 0; i++) {
          if (tryToAsk(agent, authorization)) {
            never.countDown();
          }
        }
      }
    }

    private static boolean tryToAsk(AgentFixture agent, String authorization) {
      try {
        System.out.println("status=" + agent.get("Host: 127.0.0.1", authorization).status());
        return true;
      } catch (IOException e) {
        System.out.println(e);
        return false;
      }
    }

    // The server may still be busy with the ends of those before, and drop one more connection.
    private static void abandonInTheEnd(AgentFixture agent, String authorization, Semaphore asked)
        throws Exception {
      for (int tries = 0; tries < MAX_TRIES; tries++) {
        if (abandon(agent, authorization, asked)) {
          return;
        }
      }
      throw new IOException("connections were accepted and their requests not taken");
    }

    /** Whether the request was taken. */
    private static boolean abandon(AgentFixture agent, String authorization, Semaphore asked)
        throws Exception {
      try (var socket = new Socket(agent.ipv4().getAddress(), agent.ipv4().getPort())) {
        // A reset, so that the very first write fails.
        socket.setSoLinger(true, 0);
        OutputStream out = socket.getOutputStream();
        out.write(request(authorization));
        return asked.tryAcquire(2, TimeUnit.SECONDS);
      }
    }
  }
}
