package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.RequestLimits;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.binding.IpLiteral;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.MovableClock;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.JwksSettings;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many pods on many threads, between forged tokens of every shape, while entries are evicted and
 * renewed, EKS Auth fails, and the clock is moved forth and back. No answer is another pod's, none
 * has expired, and no fetch is left.
 */
@Timeout(120)
@Tag("every-jdk")
class PodsUnderStressTest {
  private static final int THREADS = 24;
  private static final int PODS = 60;
  private static final int ANSWERS = 40_000;
  private static final int ENTRIES = 45;
  private static final InetAddress ADDRESS = IpLiteral.parse("127.0.0.1").orElseThrow();

  private final MovableClock clock =
      MovableClock.startingAt(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final AtomicLong ticks = new AtomicLong();
  private final Ticker ticker = ticks::get;
  private final TokenForge forge = new TokenForge(clock.instant().minus(Duration.ofHours(1)));
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final List<String> genuine = new ArrayList<>();
  private final List<String> forged = new ArrayList<>();

  @Test
  void getTheirOwnCredentialsAndNothingElse() throws Exception {
    for (int pod = 0; pod < PODS; pod++) {
      genuine.add(forge.genuine("pod-" + pod));
    }
    new HostileTokenCorpus(forge, "pod-0", "http://127.0.0.1:1")
        .all()
        .forEach(hostile -> forged.add(hostile.text()));
    var threads = Executors.newFixedThreadPool(THREADS);
    try (var cache = cache()) {
      PodIdentityAgent agent =
          PodIdentityAgent.builder()
              .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
              .source(cache)
              .requestLimits(RequestLimits.none())
              .clock(clock)
              .ticker(ticker)
              .build();
      List<Callable<Integer>> clients = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int number = thread;
        clients.add(() -> ask(agent, number));
      }
      int wrongOrExpired = 0;
      for (Future<Integer> client : threads.invokeAll(clients)) {
        wrongOrExpired += client.get();
      }
      while (cache.state().fetches() > 0 || cache.state().callsUnderWay() > 0) {
        Thread.onSpinWait();
      }
      System.out.printf(
          Locale.ROOT,
          "%,d answers to %d pods on %d threads, %,d refusals, %,d failures, %,d calls: %d wrong or"
              + " expired%n",
          answers.get(),
          PODS,
          THREADS,
          refused.get(),
          failed.get(),
          calls.get(),
          wrongOrExpired);
      assertThat(wrongOrExpired).isZero();
      assertThat(answers).hasValueGreaterThanOrEqualTo(ANSWERS);
      assertThat(cache.state().waiters()).isZero();
      assertThat(cache.state().entries()).isLessThanOrEqualTo(ENTRIES);
    } finally {
      threads.shutdownNow();
    }
  }

  private CachingCredentialSource cache() {
    return CachingCredentialSource.builder(this::fetch)
        .settings(
            CacheSettings.builder()
                .maxEntries(ENTRIES)
                .retention(Duration.ofMinutes(3))
                .renewalsPerSecond(1000)
                .refusalMemory(Duration.ZERO)
                .waiterDeadline(Duration.ofSeconds(60))
                .maxQueuedCalls(1000)
                // A request that is held waits for real time to pass.
                .maxHeldRequests(2)
                .build())
        .clock(clock)
        .ticker(ticker)
        .verifier(verifier())
        .build();
  }

  private TokenVerifier verifier() {
    return TokenVerifier.jwks(
        TokenForge.ISSUER,
        forge::jwks,
        clock,
        ticker,
        Duration.ofMinutes(1),
        JwksSettings.defaults());
  }

  /** As EKS Auth does: refuses what is not genuine, and fails now and then. */
  private TemporaryCredentials fetch(ServiceAccountToken token) {
    int number = calls.incrementAndGet();
    if (!genuine.contains(token.value())) {
      throw new CredentialException(FailureReason.INVALID_TOKEN, "not a token of this cluster");
    }
    if (number % 7 == 0) {
      throw new CredentialException(FailureReason.SERVICE_UNAVAILABLE, "away for a moment");
    }
    if (number % 1000 == 0) {
      throw new IllegalStateException("a source that is broken");
    }
    return TemporaryCredentials.builder()
        .accessKeyId(token.pod().orElseThrow().uid() + "#" + number)
        .secretAccessKey("secret")
        .sessionToken("session")
        .accountId("111122223333")
        .expiration(clock.instant().plus(Duration.ofMinutes(10)))
        .build();
  }

  /** Asks until there are enough answers; how many of its own were wrong or had expired. */
  private int ask(PodIdentityAgent agent, int thread) {
    var random = new SplittableRandom(thread);
    int bad = 0;
    while (answers.get() < ANSWERS) {
      if (random.nextInt(200) == 0) {
        moveTime(random);
      }
      if (random.nextInt(4) == 0) {
        bad += refuses(agent, forged.get(random.nextInt(forged.size()))) ? 0 : 1;
      } else {
        bad += answersRightly(agent, random.nextInt(PODS)) ? 0 : 1;
      }
    }
    return bad;
  }

  // Some 170 times forth by 20 s, and a few times forth and back by half an hour.
  private void moveTime(SplittableRandom random) {
    if (random.nextInt(20) == 0) {
      clock.advance(Duration.ofMinutes(30));
      clock.advance(Duration.ofMinutes(-30));
    } else {
      ticks.addAndGet(Duration.ofSeconds(20).toNanos());
      clock.advance(Duration.ofSeconds(20));
    }
  }

  private boolean answersRightly(PodIdentityAgent agent, int pod) {
    Instant before = clock.instant();
    try {
      TemporaryCredentials answer =
          agent.credentials(new CredentialRequest("127.0.0.1", genuine.get(pod), ADDRESS));
      answers.incrementAndGet();
      return answer.accessKeyId().startsWith("uid-of-pod-" + pod + "#")
          && answer.expiration().isAfter(earlier(before, clock.instant()));
    } catch (CredentialException e) {
      failed.incrementAndGet();
      return e.reason().retryable();
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private boolean refuses(PodIdentityAgent agent, String token) {
    try {
      var unused = agent.credentials(new CredentialRequest("127.0.0.1", token, ADDRESS));
      return false;
    } catch (CredentialException e) {
      refused.incrementAndGet();
      return true;
    }
  }
}
