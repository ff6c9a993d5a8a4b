package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.ServiceAccountRef;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What a cached answer costs in locks and in files that a reader has to know. */
class CostOfAHitTest {
  private static final int HITS = 200;
  private static final int WARM_UP = 20;

  @Test
  void takesTwoLocksInTheExecutorAndNoOther() throws Exception {
    Map<String, Long> locks = observeHits();

    assertThat(locks.keySet())
        .allMatch(method -> method.startsWith("dev.podidentity.server.http.RequestExecutor."));
    assertThat(locks.values().stream().mapToLong(count -> count).sum())
        .as("locks taken for %d hits", HITS)
        .isLessThanOrEqualTo(2L * HITS + 2);
  }

  private static Map<String, Long> observeHits() throws Exception {
    var cluster = LocalCluster.builder().build();
    String token =
        cluster.projectedToken(cluster.startPod(new ServiceAccountRef("default", "my-app"), "a"));
    Class<?> observed = new InstrumentingLoader().loadClass(ObservedAgent.class.getName());
    var constructor = observed.getDeclaredConstructor();
    constructor.setAccessible(true);
    try (var agent = (AutoCloseable) constructor.newInstance();
        var connection = RawHttp.connect((InetSocketAddress) ((Callable<?>) agent).call())) {
      hit(connection, token, WARM_UP);
      Observations.forget();
      hit(connection, token, HITS);
      System.out.printf(
          "locks of %d hits: %s%nfiles of a hit: %d %s%n",
          HITS, Observations.locks(), Observations.files().size(), Observations.files());
      return Observations.locks();
    }
  }

  private static void hit(RawHttp connection, String token, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      var answer =
          connection.send(
              "GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", "Authorization: " + token);
      assertThat(answer.status()).isEqualTo(200);
    }
  }
}
