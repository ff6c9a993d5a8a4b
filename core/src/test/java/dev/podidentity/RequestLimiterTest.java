package dev.podidentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalPod;
import dev.podidentity.local.MovableClock;
import dev.podidentity.schedule.ManualScheduler;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestLimiterTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final MovableClock clock = MovableClock.startingAt(START);
  private final ManualScheduler time = new ManualScheduler(clock);

  private static ClientKey at(int number) {
    try {
      return ClientKey.at(
          InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number}));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertRefused(Runnable act, FailureReason reason) {
    assertThatThrownBy(act::run)
        .asInstanceOf(type(CredentialException.class))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
        .satisfies(e -> assertThat(e.retryAfter()).isPresent());
  }

  @Test
  void letsABurstThroughAndThenTheRate() {
    var limiter = new RequestLimiter(new RequestLimits(10, 3, 0, 0));
    for (int i = 0; i < 3; i++) {
      limiter.admit(at(1), time.read());
    }
    assertRefused(() -> limiter.admit(at(1), time.read()), FailureReason.TOO_MANY_REQUESTS);
    time.advance(Duration.ofMillis(100));

    assertThatCode(() -> limiter.admit(at(1), time.read())).doesNotThrowAnyException();
    assertRefused(() -> limiter.admit(at(1), time.read()), FailureReason.TOO_MANY_REQUESTS);
  }

  @Test
  void countsOnThoughTheClockIsSetBack() {
    for (var limits : List.of(new RequestLimits(10, 1, 0, 0), new RequestLimits(0, 0, 10, 1))) {
      var limiter = new RequestLimiter(limits);
      limiter.admit(at(1), time.read());
      clock.advance(Duration.ofDays(-1));
      assertThatThrownBy(() -> limiter.admit(at(1), time.read()))
          .isInstanceOf(CredentialException.class);
      time.advance(Duration.ofSeconds(1));

      assertThatCode(() -> limiter.admit(at(1), time.read())).doesNotThrowAnyException();
    }
  }

  @Test
  void takesNothingFromTheNodeForAPodOverItsLimit() {
    var limiter = new RequestLimiter(new RequestLimits(1, 1, 1, 2));
    limiter.admit(at(1), time.read());
    for (int i = 0; i < 100; i++) {
      assertRefused(() -> limiter.admit(at(1), time.read()), FailureReason.TOO_MANY_REQUESTS);
    }

    assertThatCode(() -> limiter.admit(at(2), time.read())).doesNotThrowAnyException();
  }

  @Test
  void tellsEverybodyToTryAgainWhenTheNodeIsOverItsLimit() {
    var limiter = new RequestLimiter(new RequestLimits(0, 0, 1, 2));
    limiter.admit(at(1), time.read());
    limiter.admit(at(2), time.read());

    assertRefused(() -> limiter.admit(at(3), time.read()), FailureReason.OVERLOADED);
  }

  @Test
  void hasNoLimitWhereTheRateIsZero() {
    var limiter = new RequestLimiter(RequestLimits.none());

    assertThatCode(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                limiter.admit(at(1), time.read());
              }
            })
        .doesNotThrowAnyException();
  }

  @Test
  void remembersOnlySoManySenders() {
    var limiter = new RequestLimiter(new RequestLimits(1, 1, 0, 0));
    for (int i = 0; i <= RequestLimiter.MAX_BUCKETS; i++) {
      limiter.admit(at(i), time.read());
    }

    assertThatCode(() -> limiter.admit(at(0), time.read())).doesNotThrowAnyException();
    assertRefused(
        () -> limiter.admit(at(RequestLimiter.MAX_BUCKETS), time.read()),
        FailureReason.TOO_MANY_REQUESTS);
  }

  /** A noisy pod and a quiet one behind an agent, with the cache between it and the cluster. */
  private final class Node implements AutoCloseable {
    final ServiceAccountRef account = new ServiceAccountRef("default", "my-app");
    final LocalCluster cluster = LocalCluster.builder().clock(clock).build();
    final LocalPod quiet = cluster.startPod(account, "quiet");
    final CredentialSource answering =
        token -> {
          if (token.value().endsWith("forged")) {
            throw new CredentialException(FailureReason.INVALID_TOKEN, "the signature is wrong");
          }
          return TemporaryCredentials.builder()
              .accessKeyId("key")
              .secretAccessKey("secret")
              .sessionToken("session")
              .accountId("111122223333")
              .expiration(clock.instant().plus(Duration.ofHours(6)))
              .build();
        };
    final CachingCredentialSource cache =
        CachingCredentialSource.builder(answering).clock(clock).executor(Runnable::run).build();
    final PodIdentityAgent agent =
        PodIdentityAgent.builder()
            .source(cache)
            .clock(clock)
            .ticker(time)
            .requestLimits(new RequestLimits(1, 2, 0, 0))
            .build();

    void ask(String token, InetAddress client) {
      assertThat(agent.credentials(new CredentialRequest("169.254.170.23", token, client)))
          .isNotNull();
    }

    @Override
    public void close() {
      cache.close();
    }
  }

  private static InetAddress address(int last) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
  }

  @Test
  void countsAnAcceptedTokenForItsPodWhereverItComesFrom() throws UnknownHostException {
    try (var node = new Node()) {
      String token = node.cluster.projectedToken(node.quiet);
      node.ask(token, address(1));
      node.ask(token, address(2));
      node.ask(token, address(3));

      assertRefused(() -> askFrom(node, token, 4), FailureReason.TOO_MANY_REQUESTS);
    }
  }

  private static void askFrom(Node node, String token, int last) {
    try {
      node.ask(token, address(last));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void doesNotLetAForgedTokenDrainThePodThatItNames() throws UnknownHostException {
    try (var node = new Node()) {
      String genuine = node.cluster.projectedToken(node.quiet);
      node.ask(genuine, address(1));
      String forged = genuine.substring(0, genuine.lastIndexOf('.') + 1) + "forged";
      assertThat(ServiceAccountToken.parse(forged).pod()).contains(node.quiet.pod());
      for (int i = 0; i < 2; i++) {
        assertRefusedAsForged(node, forged);
      }
      assertRefused(() -> askFrom(node, forged, 66), FailureReason.TOO_MANY_REQUESTS);

      node.ask(genuine, address(1));
      node.ask(genuine, address(1));
    }
  }

  private static void assertRefusedAsForged(Node node, String forged) {
    assertThatThrownBy(() -> askFrom(node, forged, 66))
        .asInstanceOf(type(CredentialException.class))
        .extracting(CredentialException::reason)
        .isEqualTo(FailureReason.INVALID_TOKEN);
  }

  @Test
  void countsUnreadableTokensForTheirSender() throws UnknownHostException {
    try (var node = new Node()) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> askFrom(node, "no token", 66))
            .isInstanceOf(CredentialException.class);
      }

      assertRefused(() -> askFrom(node, "no token", 66), FailureReason.TOO_MANY_REQUESTS);
    }
  }
}
