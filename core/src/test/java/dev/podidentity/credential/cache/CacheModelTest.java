package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any sequence of what can happen, held against a model of what must never. */
class CacheModelTest {
  private static final List<String> PODS = List.of("a", "b", "c");

  sealed interface Step {}

  record Advance(Duration by) implements Step {}

  record Request(String pod, Which token) implements Step {}

  /** The calls that were begun come to their end. */
  record CallsEnd() implements Step {}

  /** The kubelet writes a new token. */
  record Rotate(String pod) implements Step {}

  /** The association is deleted, or made again. */
  record Revoke(String pod, boolean revoked) implements Step {}

  record Upstream(UpstreamMood mood) implements Step {}

  record Keys(boolean available) implements Step {}

  record End(String pod) implements Step {}

  enum Which {
    NEWEST,
    BEFORE,
    FORGED
  }

  enum UpstreamMood {
    WELL,
    AWAY,
    THROTTLING
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> pod = Arbitraries.of(PODS);
    Arbitrary<Step> request =
        pod.flatMap(p -> Arbitraries.of(Which.class).map(token -> new Request(p, token)));
    Arbitrary<Step> advance =
        Arbitraries.of(
                Duration.ofMillis(500),
                Duration.ofSeconds(20),
                Duration.ofMinutes(2),
                Duration.ofHours(1),
                Duration.ofHours(3))
            .map(Advance::new);
    Arbitrary<Step> rare =
        Arbitraries.oneOf(
            pod.map(Rotate::new),
            pod.flatMap(p -> Arbitraries.of(true, false).map(revoked -> new Revoke(p, revoked))),
            Arbitraries.of(UpstreamMood.class).map(Upstream::new),
            Arbitraries.of(true, false).map(Keys::new),
            pod.map(End::new));
    return Arbitraries.oneOf(
            request, request, request, advance, rare, Arbitraries.just(new CallsEnd()))
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  @Property(tries = 400)
  void neverServesWhatItMustNot(@ForAll("steps") List<Step> steps) {
    try (var run = new Run()) {
      steps.forEach(run::step);
      run.finish();
    }
  }

  /** The cache, and beside it what is known to be true. */
  private static final class Run implements AutoCloseable {
    private record Asked(ServiceAccountToken token, CompletableFuture<Issuance> answer) {}

    private final CacheFixture world = new CacheFixture();
    private final ManualExecutor executor = new ManualExecutor();
    private final Map<String, List<ServiceAccountToken>> tokens = new HashMap<>();
    private final Map<String, Integer> requests = new HashMap<>();
    private final Map<String, Integer> answeredCalls = new HashMap<>();
    private final Map<String, Integer> failedCalls = new HashMap<>();
    private final Map<ServiceAccountToken, Instant> goodUntil = new HashMap<>();
    private final Set<String> revoked = new HashSet<>();
    private final Set<String> ended = new HashSet<>();
    private final List<Asked> open = new ArrayList<>();
    private int forgeries;

    private final CachingCredentialSource cache =
        CachingCredentialSource.builder(this::answer)
            .clock(world.clock)
            .ticker(world.scheduler)
            .scheduler(world.scheduler)
            .executor(executor)
            .verifier(world.verifier)
            .presence((namespace, pod) -> !ended.contains(pod.name()))
            .build();

    private TemporaryCredentials answer(ServiceAccountToken token) {
      String pod = token.pod().orElseThrow().name();
      boolean ofPod = !TestTokens.isForged(token);
      try {
        if (revoked.contains(pod) && ofPod) {
          throw new CredentialException(FailureReason.RESOURCE_NOT_FOUND, "revoked");
        }
        TemporaryCredentials credentials = world.source.fetch(token);
        answeredCalls.merge(pod, 1, Integer::sum);
        goodUntil.put(token, credentials.expiration().minusSeconds(15));
        return credentials;
      } catch (RuntimeException e) {
        if (ofPod) {
          failedCalls.merge(pod, 1, Integer::sum);
        }
        throw e;
      }
    }

    void step(Step step) {
      if (step instanceof Advance advance) {
        for (Duration gone = Duration.ZERO;
            gone.compareTo(advance.by()) < 0;
            gone = gone.plusSeconds(30)) {
          Duration left = advance.by().minus(gone);
          world.advance(left.compareTo(Duration.ofSeconds(30)) < 0 ? left : Duration.ofSeconds(30));
          callsEnd();
        }
      } else if (step instanceof Request request) {
        request(request);
      } else if (step instanceof CallsEnd) {
        callsEnd();
      } else if (step instanceof Rotate rotate) {
        world.advance(Duration.ofSeconds(1));
        tokensOf(rotate.pod()).add(world.token(rotate.pod()));
      } else if (step instanceof Revoke revoke) {
        forget(revoke.pod());
        if (revoke.revoked()) {
          revoked.add(revoke.pod());
        } else {
          revoked.remove(revoke.pod());
        }
      } else if (step instanceof Upstream upstream) {
        upstream(upstream.mood());
      } else if (step instanceof Keys keys) {
        world.keysAvailable = keys.available();
      } else if (step instanceof End end) {
        forget(end.pod());
        ended.add(end.pod());
      }
      check();
    }

    private void upstream(UpstreamMood mood) {
      switch (mood) {
        case WELL -> world.source.recover();
        case AWAY -> world.source.failWith(FailureReason.UNREACHABLE);
        case THROTTLING -> world.source.failWith(FailureReason.THROTTLED);
      }
    }

    // From here on the cache may drop the pod's entry at any renewal.
    private void forget(String pod) {
      tokensOf(pod).forEach(goodUntil::remove);
    }

    private void request(Request request) {
      String pod = request.pod();
      if (ended.contains(pod)) {
        return;
      }
      ServiceAccountToken token = pick(request);
      var answer = cache.request(token);
      open.add(new Asked(token, answer));
      if (request.token() != Which.FORGED) {
        requests.merge(pod, 1, Integer::sum);
      }
      Instant good = goodUntil.get(token);
      boolean mustHit =
          good != null
              && !revoked.contains(pod)
              && token.equals(lastOf(pod))
              && !world.clock.instant().isAfter(good)
              && world.clock.instant().isBefore(token.expiresAt());
      if (mustHit) {
        assertThat(answer).as("a pod that has credentials").isCompleted();
      }
    }

    private ServiceAccountToken pick(Request request) {
      List<ServiceAccountToken> ofPod = tokensOf(request.pod());
      return switch (request.token()) {
        case NEWEST -> ofPod.get(ofPod.size() - 1);
        case BEFORE -> ofPod.get(Math.max(0, ofPod.size() - 2));
        case FORGED ->
            TestTokens.forged(request.pod(), "my-app", world.clock.instant(), forgeries++);
      };
    }

    private List<ServiceAccountToken> tokensOf(String pod) {
      return tokens.computeIfAbsent(pod, name -> new ArrayList<>(List.of(world.token(name))));
    }

    private ServiceAccountToken lastOf(String pod) {
      List<ServiceAccountToken> ofPod = tokensOf(pod);
      return ofPod.get(ofPod.size() - 1);
    }

    private void callsEnd() {
      executor.runAll();
      check();
    }

    private void check() {
      open.removeIf(this::isSettled);
      assertThat(world.source.overlaps()).as("calls at once for a token").isZero();
      for (String pod : PODS) {
        tokensOf(pod).forEach(this::checkThatItIsKnownIfAccepted);
        int earned = 2 * requests.getOrDefault(pod, 0);
        assertThat(answeredCalls.getOrDefault(pod, 0))
            .as("answered calls of pod %s: a miss and one renewal for each request", pod)
            .isLessThanOrEqualTo(earned);
        long minutes = Duration.between(CacheFixture.START, world.clock.instant()).toMinutes();
        assertThat(failedCalls.getOrDefault(pod, 0))
            .as("failed calls of pod %s: eight for each request, one renewal a minute", pod)
            .isLessThanOrEqualTo((int) minutes + 8 * requests.getOrDefault(pod, 0) + earned);
      }
    }

    private void checkThatItIsKnownIfAccepted(ServiceAccountToken token) {
      cache
          .accepted(token.value())
          .ifPresent(
              accepted -> {
                assertThat(accepted.token()).as("a token by its text").isEqualTo(token);
                assertThat(accepted.client()).isEqualTo(ClientKey.of(token));
                assertThat(TestTokens.isForged(token)).as("forged token accepted").isFalse();
              });
    }

    private boolean isSettled(Asked asked) {
      if (!asked.answer().isDone()) {
        return false;
      }
      if (!asked.answer().isCompletedExceptionally()) {
        TemporaryCredentials credentials = asked.answer().join().credentials();
        assertThat(TestTokens.isForged(asked.token())).as("forged token served").isFalse();
        checkThatItIsKnownIfAccepted(asked.token());
        assertThat(credentials.accessKeyId())
            .as("whose credentials")
            .startsWith(TestTokens.uidOf(asked.token()) + "#");
        assertThat(credentials.remainingAt(world.clock.instant()))
            .as("life left")
            .isGreaterThanOrEqualTo(CacheSettings.MIN_REMAINING_LIFE);
      }
      return true;
    }

    void finish() {
      world.advance(Duration.ofSeconds(1));
      callsEnd();
      assertThat(open).as("requests without an end").isEmpty();
    }

    @Override
    public void close() {
      cache.close();
      executor.runAll();
    }
  }
}
