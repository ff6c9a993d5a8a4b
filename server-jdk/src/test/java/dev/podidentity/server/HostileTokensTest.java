package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.server.HostileTokenCorpus.Hostile;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each token of the corpus, read, verified, asked for with at an agent that holds the credentials
 * of the pod that it means, and sent to that agent over the wire. All get the documented answer, no
 * place that a token names is asked for keys, and the pod goes on getting what is its own.
 */
@TestInstance(Lifecycle.PER_CLASS)
class HostileTokensTest {
  private final AtomicInteger trapped = new AtomicInteger();
  private HttpServer trap;
  private BesiegedAgent besieged;
  private List<Hostile> corpus;

  @BeforeAll
  void start() throws Exception {
    trap = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    trap.createContext(
        "/",
        exchange -> {
          trapped.incrementAndGet();
          exchange.close();
        });
    trap.start();
    besieged = new BesiegedAgent();
    corpus =
        new HostileTokenCorpus(
                besieged.forge,
                BesiegedAgent.VICTIM,
                "http://127.0.0.1:" + trap.getAddress().getPort())
            .all();
  }

  @AfterAll
  void stop() {
    besieged.close();
    trap.stop(0);
  }

  @AfterEach
  void nothingHasHappened() {
    assertThat(trapped).hasValue(0);
    besieged.assertThatTheVictimIsUnharmed();
  }

  List<Hostile> corpus() {
    return corpus;
  }

  @Test
  void wouldAcceptAGenuineToken() {
    String token = besieged.forge.genuine(BesiegedAgent.VICTIM);

    besieged.verifier.verify(ServiceAccountToken.parse(token));
    assertThat(besieged.ask(token).accessKeyId()).isEqualTo(besieged.victimsKeyId());
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void isRefusedByTheParserOrTheVerifier(Hostile hostile) {
    boolean onlyByVerifier = hostile.refused().endsWith(HostileTokenCorpus.FOR_VERIFIER);
    var failure =
        catchThrowableOfType(
            InvalidTokenException.class,
            () -> {
              ServiceAccountToken token = ServiceAccountToken.parse(hostile.text());
              assertThat(onlyByVerifier || !isUnreadable(hostile)).isTrue();
              besieged.verifier.verify(token);
            });

    assertThat(failure.reason().name())
        .isEqualTo(hostile.refused().replace(HostileTokenCorpus.FOR_VERIFIER, ""));
    assertThat(failure.getMessage()).doesNotContain(hostile.text()).hasSizeLessThan(500);
  }

  private static boolean isUnreadable(Hostile hostile) {
    return hostile.refused().equals("MALFORMED") || hostile.refused().equals("TOO_LARGE");
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void isRefusedByTheAgentAndItsCache(Hostile hostile) {
    var failure =
        catchThrowableOfType(CredentialException.class, () -> besieged.ask(hostile.text()));

    assertThat(failure.reason()).isEqualTo(reason(hostile));
    assertThat(failure.getMessage()).doesNotContain(hostile.text());
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void isRefusedOnTheWire(Hostile hostile) throws IOException {
    RawHttp.Response answer;
    try (var connection =
        RawHttp.connect(besieged.server.addresses().get(0), besieged.nextSender())) {
      answer =
          connection.send(
              "GET /v1/credentials HTTP/1.1",
              "Host: 127.0.0.1",
              "Authorization: " + hostile.text());
    }

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .contains("\"code\":\"" + reason(hostile).code() + "\"")
        .doesNotContain(hostile.text())
        .doesNotContain(besieged.victimsKeyId());
  }

  private static FailureReason reason(Hostile hostile) {
    return hostile.refused().equals("EXPIRED")
        ? FailureReason.EXPIRED_TOKEN
        : FailureReason.INVALID_TOKEN;
  }
}
