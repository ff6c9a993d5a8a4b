package dev.podidentity.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.kubernetes.JwksEndpoint;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.tls.TlsKeys;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.JwksSettings;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A key endpoint that cannot be trusted, over http on loopback and over https: whatever it answers,
 * no token is accepted on its word, and keys that were good before are used on, in time.
 */
@Tag("every-jdk")
class HostileKeysTest {
  /** Far above the 5 s of a request: the machine may be busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int AT_ONCE = 64;

  @TempDir private Path folder = Path.of("");

  private record Attack(String scheme, HostileAnswer answer) {
    static List<Attack> all() {
      var all = new ArrayList<Attack>();
      for (HostileAnswer answer : HostileAnswer.values()) {
        all.add(new Attack("http", answer));
        all.add(new Attack("https", answer));
      }
      return all;
    }
  }

  @Test
  void acceptsNoTokenAndUsesGoodKeysOnWhateverTheEndpointAnswers() throws Exception {
    String output =
        ChildJvm.run(
            SmallNode.class,
            List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
            Map.of("TEST_FOLDER", folder.toString()));

    assertThat(output).contains("survived=" + Attack.all().size());
  }

  /** Asks for keys on a heap that has no room for a long answer. */
  static final class SmallNode {
    private static final LocalCluster CLUSTER = LocalCluster.builder().build();
    private static final ServiceAccountToken TOKEN =
        ServiceAccountToken.parse(
            CLUSTER.projectedToken(
                CLUSTER.startPod(new ServiceAccountRef("default", "my-app"), "my-pod")));
    private static final Semaphore WARMING = new Semaphore(4);

    public static void main(String[] args) throws Exception {
      Path ca = Path.of(requireNonNull(System.getenv("TEST_FOLDER")), "ca.crt");
      TlsKeys keys = TlsKeys.of("keys", "ip:127.0.0.1");
      Files.writeString(ca, keys.certificate());
      ServerSocketFactory tls = keys.sockets();
      List<Duration> took = AtATime.all(AT_ONCE, Attack.all(), attack -> survive(attack, tls, ca));
      System.out.println("survived=" + took.size());
      System.out.println("slowest " + took.stream().max(Duration::compareTo).orElseThrow());
    }

    private static Duration survive(Attack attack, ServerSocketFactory tls, Path ca)
        throws Exception {
      boolean overTls = attack.scheme().equals("https");
      try (var upstream = overTls ? new HostileUpstream(tls) : new HostileUpstream()) {
        URI uri = URI.create(attack.scheme() + "://127.0.0.1:" + upstream.port() + "/keys");
        var endpoint = JwksEndpoint.of(uri, Optional.of(ca));
        upstream.answers(wire -> wire.json(200, CLUSTER.jwks()));
        var clock = MovableClock.startingAt(Instant.now());
        TokenVerifier warm = verifier(endpoint, clock);
        // Handshakes cost processor time: a few at once end well within the time for a request.
        WARMING.acquire();
        try {
          warm.verify(TOKEN);
        } finally {
          WARMING.release();
        }

        upstream.answers(attack.answer().script());
        clock.advance(Duration.ofHours(1));
        long start = System.nanoTime();
        assertThatThrownBy(() -> verifier(endpoint, clock).verify(TOKEN))
            .describedAs("%s", attack)
            .isInstanceOfAny(KeysUnavailableException.class, InvalidTokenException.class);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThatCode(() -> warm.verify(TOKEN))
            .describedAs("%s", attack)
            .doesNotThrowAnyException();
        assertThat(took).describedAs("%s", attack).isLessThan(PATIENCE);
        return took;
      }
    }

    private static TokenVerifier verifier(JwksEndpoint endpoint, MovableClock clock) {
      return TokenVerifier.jwks(
          CLUSTER.issuer(),
          endpoint,
          clock,
          () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()),
          Duration.ofMinutes(1),
          JwksSettings.defaults());
    }
  }
}
