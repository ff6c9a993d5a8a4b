package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.podidentity.credential.AcceptedToken;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class CachingCredentialSourceTest {
  private final CacheFixture world = new CacheFixture();

  private static void assertFails(Runnable act, FailureReason reason) {
    assertThatThrownBy(act::run)
        .asInstanceOf(type(CredentialException.class))
        .extracting(CredentialException::reason)
        .isEqualTo(reason);
  }

  @Test
  void answersTheSameTokenFromTheCache() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = world.token("a");
      TemporaryCredentials first = cache.fetch(token);

      assertThat(cache.fetch(token)).isSameAs(first);
      assertThat(world.source.calls()).isEqualTo(1);
    }
  }

  @Test
  void keepsATokenWithoutAPodByItself() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = TestTokens.withoutPod("my-app", CacheFixture.START);
      cache.fetch(token);
      cache.fetch(token);
      cache.fetch(TestTokens.withoutPod("my-app", CacheFixture.START.plusSeconds(1)));

      assertThat(world.source.calls()).isEqualTo(2);
      assertThat(cache.state().entries()).isEqualTo(2);
    }
  }

  @Test
  void servesARotatedTokenThatItVerified() {
    try (var cache = world.builder().verifier(world.verifier).build()) {
      TemporaryCredentials first = cache.fetch(world.token("a"));
      world.advance(Duration.ofMinutes(1));

      assertThat(cache.fetch(world.token("a"))).isSameAs(first);
      assertThat(world.source.calls()).isEqualTo(1);
    }
  }

  @Test
  void renewsWithTheNewerToken() {
    try (var cache = world.builder().verifier(world.verifier).build()) {
      cache.fetch(world.token("a"));
      world.advance(Duration.ofMinutes(1));
      ServiceAccountToken newer = world.token("a");
      cache.fetch(newer);
      world.advance(Duration.ofHours(4));

      assertThat(world.source.tokens()).hasSize(2).last().isEqualTo(newer);
    }
  }

  @Test
  void servesTheTokenBeforeTheLastOneWithoutVerifyingItAgain() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken older = world.token("a");
      cache.fetch(older);
      world.advance(Duration.ofMinutes(1));
      cache.fetch(world.token("a"));
      cache.fetch(older);

      assertThat(world.source.calls()).isEqualTo(2);
    }
  }

  @Test
  void asksForARotatedTokenWithoutAVerifier() {
    try (var cache = world.builder().build()) {
      cache.fetch(world.token("a"));
      world.advance(Duration.ofMinutes(1));
      cache.fetch(world.token("a"));

      assertThat(world.source.calls()).isEqualTo(2);
      assertThat(cache.state().entries()).isEqualTo(1);
    }
  }

  @Test
  void asksForARotatedTokenWhenTheKeysCannotBeHad() {
    try (var cache = world.builder().verifier(world.verifier).build()) {
      cache.fetch(world.token("a"));
      world.advance(Duration.ofMinutes(1));
      world.keysAvailable = false;
      cache.fetch(world.token("a"));

      assertThat(world.source.calls()).isEqualTo(2);
    }
  }

  @Test
  void refusesAForgedTokenOfACachedPodAndLeavesItsEntryAlone() {
    try (var cache = world.builder().verifier(world.verifier).build()) {
      ServiceAccountToken genuine = world.token("a");
      TemporaryCredentials first = cache.fetch(genuine);
      ServiceAccountToken forged = TestTokens.forged("a", "my-app", CacheFixture.START, 1);

      assertFails(() -> cache.fetch(forged), FailureReason.INVALID_TOKEN);
      assertThat(cache.fetch(genuine)).isSameAs(first);
      world.advance(Duration.ofHours(4));
      assertThat(world.listener.events()).contains("renewed uid-a");
      assertThat(world.source.tokens()).last().isEqualTo(genuine);
    }
  }

  @Test
  void givesAGenuineTokenOfAnotherAccountWithTheSamePodNothingOfTheEntry() {
    try (var cache = world.builder().verifier(world.verifier).build()) {
      TemporaryCredentials first = cache.fetch(world.token("a"));
      var other =
          TestTokens.of("a", "other-app", CacheFixture.START, TestTokens.LIFETIME, "genuine");

      assertThat(cache.fetch(other)).isNotSameAs(first);
      assertThat(world.source.calls()).isEqualTo(2);
    }
  }

  @Test
  void doesNotLetAForgedTokenJoinAFetch() {
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).verifier(world.verifier).build()) {
      var genuine = cache.request(world.token("a"));
      var forged = cache.request(TestTokens.forged("a", "my-app", CacheFixture.START, 1));
      executor.runAll();

      assertThat(CacheFixture.now(genuine).accessKeyId()).startsWith("uid-a#");
      assertThat(forged).isCompletedExceptionally();
      assertThat(world.source.calls()).isEqualTo(2);
    }
  }

  @Test
  void doesNotLetAGenuineTokenFailWithAForgedFetch() {
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).verifier(world.verifier).build()) {
      var forged = cache.request(TestTokens.forged("a", "my-app", CacheFixture.START, 1));
      var genuine = cache.request(world.token("a"));
      executor.runAll();

      assertThat(forged).isCompletedExceptionally();
      assertThat(CacheFixture.now(genuine).accessKeyId()).startsWith("uid-a#");
    }
  }

  @Test
  void letsAVerifiedTokenJoinAVerifiedFetchOfItsPod() {
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).verifier(world.verifier).build()) {
      var first = cache.request(world.token("a"));
      var second = cache.request(TestTokens.of("a", CacheFixture.START.minusSeconds(9)));
      executor.runAll();

      assertThat(CacheFixture.now(second)).isSameAs(CacheFixture.now(first));
      assertThat(world.source.calls()).isEqualTo(1);
    }
  }

  @Test
  void failsAWaiterAtItsDeadlineAndKeepsWhatComesLater() {
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).build()) {
      ServiceAccountToken token = world.token("a");
      var early = cache.request(token);
      world.advance(Duration.ofMillis(900));

      assertFails(() -> join(early), FailureReason.PENDING);
      executor.runAll();
      assertThat(cache.request(token)).isCompleted();
      assertThat(world.source.calls()).isEqualTo(1);
    }
  }

  private static void join(CompletableFuture<Issuance> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      throw (CredentialException) e.getCause();
    }
  }

  @Test
  void refusesWhatNeitherRunsNorWaits() {
    var settings = CacheSettings.builder().maxConcurrentCalls(1).maxQueuedCalls(1).build();
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).settings(settings).build()) {
      var first = cache.request(world.token("a"));
      var second = cache.request(world.token("b"));
      var third = cache.request(world.token("c"));

      assertFails(() -> join(third), FailureReason.OVERLOADED);
      executor.runAll();
      assertThat(first).isCompleted();
      assertThat(second).isCompleted();
      assertThat(cache.state().callsUnderWay()).isZero();
    }
  }

  @Test
  void renewsAheadOfExpiry() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = world.token("a");
      TemporaryCredentials first = cache.fetch(token);
      world.advance(Duration.ofMinutes(184));

      assertThat(cache.fetch(token).expiration()).isAfter(first.expiration());
      assertThat(world.listener.events()).contains("renewed uid-a").doesNotContain("called twice");
      assertThat(world.source.calls()).isEqualTo(2);
    }
  }

  @Test
  void renewsByTheAgeOfCredentialsThoughTheClockIsSetBack() {
    try (var cache = world.builder().build()) {
      cache.fetch(world.token("a"));
      world.clock.advance(Duration.ofHours(-12));
      world.advance(Duration.ofMinutes(184));

      assertThat(world.listener.events()).contains("renewed uid-a");
    }
  }

  @Test
  void renewsShortLivedCredentialsAtHalfOfTheirLife() {
    world.source.lifetime(Duration.ofMinutes(10));
    try (var cache = world.builder().build()) {
      cache.fetch(world.token("a"));
      world.advance(Duration.ofMinutes(4));
      assertThat(world.source.calls()).isEqualTo(1);
      world.advance(Duration.ofMinutes(2));

      assertThat(world.source.calls()).isEqualTo(2);
    }
  }

  @Test
  void renewsOnlyOnceForAPodThatAsksNoMore() {
    try (var cache = world.builder().build()) {
      cache.fetch(world.token("a"));
      world.advance(Duration.ofDays(2));

      assertThat(world.source.calls()).isEqualTo(2);
      assertThat(world.listener.events()).contains("dropped uid-a UNWANTED");
      assertThat(cache.state().entries()).isZero();
      assertThat(world.scheduler.pending()).isZero();
    }
  }

  @Test
  void renewsAtOnceWhenAPodComesBackAfterItsRenewalWasDue() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = world.token("a");
      cache.fetch(token);
      world.advance(Duration.ofHours(7));
      assertThat(world.source.calls()).isEqualTo(2);
      cache.fetch(token);

      assertThat(world.source.calls()).isEqualTo(3);
    }
  }

  @Test
  void keepsCredentialsThroughAnOutage() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = world.token("a");
      TemporaryCredentials first = cache.fetch(token);
      world.source.failWith(FailureReason.UNREACHABLE);
      world.advance(Duration.ofMinutes(350));
      assertThat(cache.fetch(token)).isSameAs(first);
      world.source.recover();
      world.advance(Duration.ofMinutes(2));

      assertThat(cache.fetch(token)).isNotSameAs(first);
    }
  }

  @Test
  void neverServesCredentialsThatAreAboutToExpire() {
    try (var cache = world.builder().settings(CacheFixture.HOLDING_NOTHING).build()) {
      ServiceAccountToken token = world.token("a");
      cache.fetch(token);
      world.source.failWith(FailureReason.UNREACHABLE);
      world.advance(Duration.ofHours(6).minusSeconds(14));

      assertFails(() -> cache.fetch(token), FailureReason.UNREACHABLE);
      assertThat(world.listener.events()).contains("dropped uid-a EXPIRED");
    }
  }

  @Test
  void neverStoresCredentialsThatAreAboutToExpire() {
    world.source.lifetime(Duration.ofSeconds(14));
    try (var cache = world.builder().settings(CacheFixture.HOLDING_NOTHING).build()) {
      assertFails(() -> cache.fetch(world.token("a")), FailureReason.INVALID_ANSWER);
      assertThat(cache.state().entries()).isZero();
    }
  }

  @Test
  void dropsAnEntryWhoseRenewalIsRefused() {
    for (var reason :
        List.of(
            FailureReason.RESOURCE_NOT_FOUND,
            FailureReason.ACCESS_DENIED,
            FailureReason.EXPIRED_TOKEN,
            FailureReason.INVALID_TOKEN)) {
      var fixture = new CacheFixture();
      try (var cache = fixture.builder().build()) {
        cache.fetch(fixture.token("a"));
        fixture.source.failWith(reason);
        fixture.advance(Duration.ofMinutes(184));

        assertThat(fixture.listener.events()).contains("dropped uid-a REFUSED");
        assertThat(cache.state().entries()).isZero();
      }
    }
  }

  @Test
  void endsRenewalsWithTheToken() {
    try (var cache = world.builder().build()) {
      var token = TestTokens.of("a", "my-app", CacheFixture.START, Duration.ofHours(2), "genuine");
      cache.fetch(token);
      world.advance(Duration.ofHours(7));

      assertThat(world.source.calls()).isEqualTo(1);
      assertThat(world.listener.events()).contains("dropped uid-a TOKEN_EXPIRED");
    }
  }

  @Test
  void dropsAPodThatIsKnownToBeGone() {
    try (var cache = world.builder().presence((namespace, pod) -> false).build()) {
      cache.fetch(world.token("a"));
      world.advance(Duration.ofMinutes(184));

      assertThat(world.source.calls()).isEqualTo(1);
      assertThat(world.listener.events()).contains("dropped uid-a POD_GONE");
    }
  }

  @Test
  void renewsWhenNobodyCanSayWhetherAPodIsThere() {
    try (var cache =
        world
            .builder()
            .presence(
                (namespace, pod) -> {
                  throw new IllegalStateException("the watch has ended");
                })
            .build()) {
      cache.fetch(world.token("a"));
      world.advance(Duration.ofMinutes(184));

      assertThat(world.source.calls()).isEqualTo(2);
    }
  }

  @Test
  void letsTheLeastRecentlyUsedGoWhenItIsFull() {
    var settings = CacheSettings.builder().maxEntries(2).build();
    try (var cache = world.builder().settings(settings).build()) {
      ServiceAccountToken a = world.token("a");
      cache.fetch(a);
      world.advance(Duration.ofSeconds(1));
      cache.fetch(world.token("b"));
      world.advance(Duration.ofSeconds(1));
      cache.fetch(a);
      cache.fetch(world.token("c"));

      assertThat(world.listener.events()).contains("dropped uid-b CACHE_FULL");
      assertThat(cache.accepted(a.value())).isPresent();
    }
  }

  @Test
  void knowsAnAcceptedTokenByItsWholeTextOnly() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = world.token("a");
      cache.fetch(token);
      String text = token.value();

      assertThat(cache.accepted(text)).map(AcceptedToken::token).containsSame(token);
      assertThat(cache.accepted(new String(text.toCharArray())))
          .map(AcceptedToken::token)
          .containsSame(token);
      assertThat(cache.accepted(text + "A")).isEmpty();
      assertThat(cache.accepted(text.substring(0, text.length() - 1))).isEmpty();
      assertThat(cache.accepted(TestTokens.forged("a", "my-app", world.clock.instant(), 0).value()))
          .isEmpty();
    }
  }

  @Test
  void knowsNoTokenAnyMoreOnceItHasExpired() {
    var settings = CacheSettings.builder().refusalMemory(Duration.ZERO).build();
    try (var cache = world.builder().settings(settings).build()) {
      ServiceAccountToken token = world.token("a");
      cache.fetch(token);
      world.advance(TestTokens.LIFETIME.minusHours(1));
      cache.fetch(token);
      assertThat(cache.accepted(token.value())).isPresent();

      world.advance(Duration.ofHours(1));

      assertThat(cache.accepted(token.value())).isEmpty();
    }
  }

  @Test
  void knowsNoTokenOfAPodThatHadToLeave() {
    var settings = CacheSettings.builder().maxEntries(1).build();
    try (var cache = world.builder().settings(settings).build()) {
      ServiceAccountToken first = world.token("a");
      cache.fetch(first);
      world.advance(Duration.ofSeconds(1));
      cache.fetch(world.token("b"));

      assertThat(cache.accepted(first.value())).isEmpty();
    }
  }

  @Test
  void knowsTheTwoLatestTokensOfAPodAndNoOlderOne() {
    try (var cache = world.builder().verifier(world.verifier).build()) {
      var tokens = new ArrayList<ServiceAccountToken>();
      for (int i = 0; i < 3; i++) {
        tokens.add(world.token("a"));
        cache.fetch(tokens.get(i));
        world.advance(Duration.ofSeconds(1));
      }

      assertThat(tokens)
          .extracting(token -> cache.accepted(token.value()).isPresent())
          .containsExactly(false, true, true);
    }
  }

  @Test
  void knowsNoTokenOnceClosed() {
    ServiceAccountToken token = world.token("a");
    var cache = world.builder().build();
    cache.fetch(token);

    cache.close();

    assertThat(cache.accepted(token.value())).isEmpty();
  }

  @Test
  void remembersARefusalForItsTokenAndNotForLong() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = world.token("a");
      world.source.failWith(FailureReason.RESOURCE_NOT_FOUND);
      assertFails(() -> cache.fetch(token), FailureReason.RESOURCE_NOT_FOUND);
      assertFails(() -> cache.fetch(token), FailureReason.RESOURCE_NOT_FOUND);
      assertThat(world.source.calls()).isEqualTo(1);
      world.source.recover();
      world.advance(Duration.ofSeconds(1));

      assertThat(cache.fetch(token).accessKeyId()).startsWith("uid-a#");
    }
  }

  @Test
  void remembersARefusalForAsLongThoughTheClockIsSetBack() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = world.token("a");
      world.source.failWith(FailureReason.RESOURCE_NOT_FOUND);
      assertFails(() -> cache.fetch(token), FailureReason.RESOURCE_NOT_FOUND);
      world.source.recover();
      world.clock.advance(Duration.ofHours(-1));
      world.advance(Duration.ofSeconds(1));

      assertThat(cache.fetch(token).accessKeyId()).startsWith("uid-a#");
    }
  }

  @Test
  void forgetsRefusalsAtOnceWhenToldTo() {
    var settings = CacheSettings.builder().refusalMemory(Duration.ZERO).build();
    try (var cache = world.builder().settings(settings).build()) {
      ServiceAccountToken token = world.token("a");
      world.source.failWith(FailureReason.RESOURCE_NOT_FOUND);
      assertFails(() -> cache.fetch(token), FailureReason.RESOURCE_NOT_FOUND);
      world.source.recover();

      assertThat(cache.fetch(token).accessKeyId()).startsWith("uid-a#");
    }
  }

  @Test
  void remembersOnlySoManyRefusals() {
    try (var cache = world.builder().build()) {
      ServiceAccountToken first = TestTokens.forged("a", "my-app", CacheFixture.START, 0);
      for (int i = 0; i <= NegativeCache.MAX_TOKENS; i++) {
        var token = TestTokens.forged("a", "my-app", CacheFixture.START, i);
        assertFails(() -> cache.fetch(token), FailureReason.INVALID_TOKEN);
      }
      int before = world.source.calls();
      assertFails(() -> cache.fetch(first), FailureReason.INVALID_TOKEN);

      assertThat(world.source.calls()).isEqualTo(before + 1);
    }
  }

  @Test
  void startsNoMoreRenewalsInASecondThanAllowed() {
    try (var cache = world.builder().settings(jitterless().build()).build()) {
      for (int i = 0; i < 300; i++) {
        cache.fetch(world.token("pod-" + i));
      }
      world.advance(Duration.ofHours(3).plusSeconds(10));
      assertThat(world.source.calls() - 300).isBetween(29, 31);
      world.advance(Duration.ofSeconds(91));

      assertThat(world.source.calls()).isEqualTo(600);
    }
  }

  private static CacheSettings.Builder jitterless() {
    return CacheSettings.builder().renewalJitter(0);
  }

  @Test
  void lastsOutThrottlingWithFewCallsAndStillTriesMisses() {
    var settings = jitterless().maxHeldRequests(0).build();
    try (var cache = world.builder().settings(settings).build()) {
      for (int i = 0; i < 100; i++) {
        cache.fetch(world.token("pod-" + i));
      }
      world.source.failWith(FailureReason.THROTTLED);
      world.advance(Duration.ofHours(3).plusMinutes(60));
      int calls = world.source.calls() - 100;
      assertThat(calls).isLessThan(60);
      assertThat(world.listener.events()).contains("throttled");
      assertFails(() -> cache.fetch(world.token("new")), FailureReason.THROTTLED);
      assertThat(world.source.calls()).isEqualTo(100 + calls + 1);
      world.source.recover();
      world.advance(Duration.ofMinutes(20));

      assertThat(world.listener.events().stream().filter(e -> e.startsWith("renewed ")))
          .hasSize(100);
    }
  }

  @Test
  void letsMissesGoBeforeRenewals() {
    var settings = jitterless().maxConcurrentCalls(1).build();
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).settings(settings).build()) {
      var unused = cache.request(world.token("a"));
      executor.runAll();
      var second = cache.request(world.token("b"));
      executor.runAll();
      world.advance(Duration.ofHours(3).minusMillis(1));
      var running = cache.request(world.token("c"));
      world.advance(Duration.ofMillis(500));
      var miss = cache.request(world.token("d"));
      executor.runAll();

      assertThat(second).isCompleted();
      assertThat(running).isCompleted();
      assertThat(miss).isCompleted();
      assertThat(world.source.tokens().stream().map(TestTokens::uidOf))
          .containsExactly("uid-a", "uid-b", "uid-c", "uid-d", "uid-a", "uid-b");
    }
  }

  @Test
  void failsWaitersWhenClosedAndLeavesNothingScheduled() {
    var executor = new ManualExecutor();
    var cache = world.builder(executor).build();
    var unused = cache.request(world.token("a"));
    executor.runAll();
    var waiting = cache.request(world.token("b"));
    cache.close();

    assertFails(() -> join(waiting), FailureReason.CLOSED);
    assertFails(() -> cache.fetch(world.token("c")), FailureReason.CLOSED);
    executor.runAll();
    assertThat(cache.state())
        .returns(0, CacheState::entries)
        .returns(0, CacheState::fetches)
        .returns(0, CacheState::callsUnderWay);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.scheduler.pending()).isZero();
  }

  @Test
  void takesBackTheTurnsOfRenewalsWhenClosed() {
    var cache = world.builder().settings(jitterless().build()).build();
    for (int i = 0; i < 10; i++) {
      cache.fetch(world.token("pod-" + i));
    }
    world.advance(Duration.ofHours(3).plusSeconds(1));
    assertThat(cache.state().renewalsDue()).isPositive();
    cache.close();

    assertThat(world.scheduler.pending()).isZero();
  }

  @Test
  void callsTheSourceForARotatedTokenThatItHasNoRoomToVerify() {
    var settings = CacheSettings.builder().maxConcurrentCalls(1).build();
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).settings(settings).verifier(world.verifier).build()) {
      var first = cache.request(world.token("a"));
      executor.runAll();
      var verified = cache.request(TestTokens.of("a", CacheFixture.START.minusSeconds(1)));
      var unverified = cache.request(TestTokens.of("a", CacheFixture.START.minusSeconds(2)));
      executor.runAll();

      assertThat(first).isCompleted();
      assertThat(verified).isCompleted();
      assertThat(unverified).isCompleted();
      assertThat(world.source.calls()).isEqualTo(2);
    }
  }

  @Test
  void keepsNothingWhenTurnedOff() {
    for (var settings :
        List.of(
            CacheSettings.builder().retention(Duration.ZERO).build(),
            CacheSettings.builder().maxEntries(0).build())) {
      var fixture = new CacheFixture();
      try (var cache = fixture.builder().settings(settings).build()) {
        cache.fetch(fixture.token("a"));
        cache.fetch(fixture.token("a"));

        assertThat(fixture.source.calls()).isEqualTo(2);
        assertThat(fixture.scheduler.pending()).isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void survivesASourceThatThrowsErrors() {
    var errors = new ArrayList<Error>(List.of(new StackOverflowError()));
    try (var cache =
        CachingCredentialSource.builder(
                token -> {
                  if (!errors.isEmpty()) {
                    throw errors.remove(0);
                  }
                  return world.source.fetch(token);
                })
            .clock(world.clock)
            .ticker(world.scheduler)
            .scheduler(world.scheduler)
            .executor(Runnable::run)
            .build()) {
      assertFails(() -> cache.fetch(world.token("a")), FailureReason.UNEXPECTED);
      assertThat(cache.fetch(world.token("a"))).isNotNull();
    }
  }

  @Test
  void endsTheFetchOfAnAnswerThatCannotBeKept() {
    var settings = CacheSettings.builder().maxConcurrentCalls(1).build();
    try (var cache =
        CachingCredentialSource.builder(world.source)
            .settings(settings)
            .clock(world.clock)
            .scheduler(
                (task, delay) -> {
                  throw new IllegalStateException("for a test");
                })
            .executor(Runnable::run)
            .build()) {
      for (String pod : List.of("a", "b", "c")) {
        assertThat(cache.request(world.token(pod))).isDone();
      }

      assertThat(cache.state().fetches()).isZero();
      assertThat(cache.state().callsUnderWay()).isZero();
    }
  }

  @Test
  void keepsCredentialsThatNeverExpire() {
    world.source.lifetime(Duration.ofDays(2_000_000));
    try (var cache = world.builder().build()) {
      assertThat(cache.fetch(world.token("a"))).isSameAs(cache.fetch(world.token("a")));
    }
  }

  @Test
  void tellsWhatHappens() {
    try (var cache = world.builder().verifier(world.verifier).build()) {
      ServiceAccountToken token = world.token("a");
      cache.fetch(token);
      cache.fetch(token);
      cache.fetch(token);
      world.advance(Duration.ofSeconds(1));
      cache.fetch(world.token("a"));

      assertThat(world.listener.events())
          .containsExactly(
              "missed uid-a",
              "called uid-a",
              "stored uid-a",
              "hits 2",
              "missed uid-a",
              "rotated uid-a");
    }
  }
}
