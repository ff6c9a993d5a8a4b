package dev.podidentity.credential.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests whose call failed in a way that may pass: they wait, and the cache calls again. */
class HeldRequestsTest {
  private static final Duration DEADLINE = CacheSettings.defaults().waiterDeadline();
  private static final Duration OUTAGE = Duration.ofSeconds(3);

  /** How often the AWS SDK for Java asks, without a pause between its tries. */
  private static final int TRIES = 6;

  private final CacheFixture world = new CacheFixture();

  private static ClientKey address(int last) {
    return ClientKey.at(IpLiteral.parse("192.0.2." + last).orElseThrow());
  }

  private static FailureReason reasonOf(CompletableFuture<Issuance> answer) {
    return failureOf(answer).reason();
  }

  private static CredentialException failureOf(CompletableFuture<Issuance> answer) {
    assertThat(answer).isCompletedExceptionally();
    var end = new AtomicReference<Throwable>();
    var unused = answer.whenComplete((issuance, failure) -> end.set(failure));
    Throwable failure = requireNonNull(end.get());
    return (CredentialException)
        (failure instanceof CompletionException ? requireNonNull(failure.getCause()) : failure);
  }

  private CompletableFuture<Issuance> request(CachingCredentialSource cache, String pod) {
    ServiceAccountToken token = TestTokens.of(pod, CacheFixture.START);
    return cache.request(token, ClientKey.of(token));
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "THROTTLED",
        "SERVICE_UNAVAILABLE",
        "INTERNAL_SERVER",
        "UNREACHABLE",
        "TIMED_OUT",
        "NODE_CREDENTIALS"
      })
  void outlastAnOutageOfThreeSecondsWithFewCalls(FailureReason reason) {
    world.source.failWith(reason);
    world.scheduler.schedule(world.source::recover, OUTAGE);
    try (var cache = world.builder().build()) {
      ServiceAccountToken token = world.token("a");
      CompletableFuture<Issuance> answer = cache.request(token, address(1));
      for (int tries = 1; tries < TRIES && !answeredWithin(DEADLINE, answer); tries++) {
        assertThat(reasonOf(answer)).isEqualTo(reason);
        answer = cache.request(token, address(1));
      }
      world.advance(DEADLINE);

      assertThat(answer).isCompletedWithValueMatching(issuance -> true);
      assertThat(world.source.calls()).isLessThanOrEqualTo(8);
      assertThat(world.source.overlaps()).isZero();
    }
  }

  private boolean answeredWithin(Duration time, CompletableFuture<Issuance> answer) {
    world.advance(time);
    return !answer.isCompletedExceptionally() && answer.isDone();
  }

  @Test
  void areAnsweredWithTheCauseAtTheirDeadlineAndNotBefore() {
    world.source.failWith(FailureReason.SERVICE_UNAVAILABLE);
    try (var cache = world.builder().build()) {
      CompletableFuture<Issuance> answer = request(cache, "a");
      world.advance(DEADLINE.minusMillis(1));
      assertThat(answer).isNotDone();
      world.advance(Duration.ofMillis(1));

      assertThat(reasonOf(answer)).isEqualTo(FailureReason.SERVICE_UNAVAILABLE);
    }
  }

  @Test
  void areNotHeldForWhatDoesNotPass() {
    world.source.failWith(FailureReason.ACCESS_DENIED);
    try (var cache = world.builder().build()) {
      assertThat(reasonOf(request(cache, "a"))).isEqualTo(FailureReason.ACCESS_DENIED);
    }
  }

  @Test
  void endTheScheduleWhenNobodyAsksAnyMore() {
    world.source.failWith(FailureReason.SERVICE_UNAVAILABLE);
    try (var cache = world.builder().build()) {
      var unused = request(cache, "a");
      world.advance(DEADLINE.plus(FurtherAttempts.LINGER).plusSeconds(2));
      int calls = world.source.calls();
      world.advance(Duration.ofMinutes(10));

      assertThat(world.source.calls()).isEqualTo(calls).isLessThanOrEqualTo(6);
      assertThat(cache.state().fetches()).isZero();
    }
  }

  @Test
  void goOnForAClientThatPausesBetweenItsTries() {
    world.source.failWith(FailureReason.SERVICE_UNAVAILABLE);
    try (var cache = world.builder().build()) {
      var unused = request(cache, "a");
      world.advance(Duration.ofMillis(1_300));
      world.source.recover();
      world.advance(Duration.ofMillis(600));

      assertThat(request(cache, "a"))
          .isCompletedWithValueMatching(issuance -> issuance.origin() == Issuance.Origin.CACHED);
    }
  }

  @Test
  void keepNoFetchForLongerThanItsAge() {
    world.source.failWith(FailureReason.SERVICE_UNAVAILABLE);
    try (var cache = world.builder().build()) {
      for (int second = 0; second < 60; second++) {
        var unused = request(cache, "a");
        world.advance(Duration.ofSeconds(1));
      }

      assertThat(world.source.calls()).isLessThan(75);
      assertThat(cache.state().waiters()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void makeOneScheduleForTheNodeWhileTheSourceThrottles() {
    world.source.failWith(FailureReason.THROTTLED);
    world.scheduler.schedule(world.source::recover, OUTAGE);
    try (var cache = world.builder().build()) {
      var answers = new ArrayList<CompletableFuture<Issuance>>();
      for (int tries = 0; tries < TRIES; tries++) {
        answers.clear();
        for (int pod = 0; pod < 30; pod++) {
          answers.add(request(cache, "pod-" + pod));
        }
        world.advance(DEADLINE);
      }

      assertThat(answers).allMatch(answer -> !answer.isCompletedExceptionally());
      // One after the other while it throttles, then each pod's own.
      assertThat(world.source.calls()).isLessThanOrEqualTo(8 + 30);
    }
  }

  @Test
  void areToldThatTheSourceThrottlesHoweverLongTheirTurnTakes() {
    world.source.failWith(FailureReason.THROTTLED);
    try (var cache = world.builder().build()) {
      var answers = new ArrayList<CompletableFuture<Issuance>>();
      for (int second = 0; second < 70; second++) {
        for (int pod = 0; pod < 60; pod++) {
          answers.add(request(cache, "pod-" + pod));
        }
        world.advance(Duration.ofSeconds(1));
        world.look();
      }

      assertThat(answers.stream().map(HeldRequestsTest::reasonOf).distinct())
          .containsExactly(FailureReason.THROTTLED);
      assertThat(cache.state().overdue()).isZero();
      assertThat(world.source.calls()).isLessThan(80);
    }
  }

  @Test
  void haveTheirTurnThoughItsTimerWasLost() {
    var lost = new AtomicInteger(1);
    world.source.failWith(FailureReason.THROTTLED);
    try (var cache =
        world
            .builder()
            .scheduler(
                (work, delay) ->
                    lost.getAndDecrement() > 0 ? () -> {} : world.scheduler.schedule(work, delay))
            .build()) {
      var unused = request(cache, "a");
      world.source.recover();
      world.advance(Duration.ofMillis(2_500));
      assertThat(world.source.calls()).isEqualTo(1);
      world.look();

      assertThat(request(cache, "a"))
          .isCompletedWithValueMatching(issuance -> issuance.origin() == Issuance.Origin.CACHED);
    }
  }

  @Test
  void startNoCallOfTheirOwnWhileTheSourceThrottles() {
    world.source.failWith(FailureReason.THROTTLED);
    try (var cache = world.builder().build()) {
      var first = request(cache, "a");
      var other = request(cache, "b");

      assertThat(world.source.calls()).isEqualTo(1);
      world.source.recover();
      world.advance(Duration.ofMillis(400));
      assertThat(first).isCompleted();
      assertThat(other).isCompleted();
    }
  }

  @Test
  void nameNoOtherPodsServiceAccount() {
    world.source.failWith(FailureReason.THROTTLED);
    try (var cache = world.builder().build()) {
      var first = request(cache, "a");
      var second = request(cache, "b");
      var other =
          cache.request(
              TestTokens.of("c", "other-app", CacheFixture.START, Duration.ofHours(2), "genuine"),
              address(2));
      world.advance(DEADLINE);

      assertThat(first).isDone();
      assertThat(second).isDone();
      assertThat(failureOf(other)).hasMessageContaining("other-app");
      assertThat(failureOf(other).getMessage()).doesNotContain("my-app");
    }
  }

  @Test
  void areBoundedAndTheOthersAnsweredAtOnce() {
    world.source.failWith(FailureReason.SERVICE_UNAVAILABLE);
    var settings = CacheSettings.builder().maxHeldRequests(4).build();
    try (var cache = world.builder().settings(settings).build()) {
      var answers = new ArrayList<CompletableFuture<Issuance>>();
      for (int i = 0; i < 10; i++) {
        answers.add(cache.request(world.token("a"), address(1)));
      }
      var ofAnother = cache.request(world.token("b"), address(2));

      assertThat(answers.stream().filter(answer -> !answer.isDone())).hasSize(2);
      assertThat(ofAnother).isNotDone();
      world.advance(DEADLINE);
      assertThat(request(cache, "c")).isNotDone();
    }
  }

  @Test
  void areOfNoConcernToHits() {
    try (var cache = world.builder().build()) {
      cache.fetch(world.token("hit"));
      world.source.failWith(FailureReason.THROTTLED);
      var held = request(cache, "a");

      assertThat(cache.fetch(world.token("hit"))).isNotNull();
      assertThat(held).isNotDone();
    }
  }

  @Test
  void failWhenTheCacheIsClosedAndLeaveNothingScheduled() {
    world.source.failWith(FailureReason.THROTTLED);
    var cache = world.builder().build();
    var throttled = request(cache, "a");
    cache.close();

    assertThat(reasonOf(throttled)).isEqualTo(FailureReason.CLOSED);
    assertThat(world.scheduler.pending()).isZero();
  }

  @Test
  void sayWhyTheyArePendingWhenOtherCallsHaveFailed() {
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).build()) {
      world.source.failWith(FailureReason.TIMED_OUT);
      var failing = request(cache, "a");
      executor.runAll();
      var pending = request(cache, "b");
      world.advance(DEADLINE);

      assertThat(reasonOf(failing)).isEqualTo(FailureReason.TIMED_OUT);
      assertThat(reasonOf(pending)).isEqualTo(FailureReason.PENDING);
      assertThat(failureOf(pending))
          .hasMessageContaining("for 0.9 s now")
          .hasMessageContaining("failed 0.9 s ago with UpstreamTimeoutException");
    }
  }

  @Test
  void waitThroughTheFailureOfARenewal() {
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).build()) {
      var first = request(cache, "a");
      executor.runAll();
      assertThat(first).isCompleted();
      world.source.failWith(FailureReason.SERVICE_UNAVAILABLE);
      world.advance(Duration.ofHours(3).plusMinutes(5));
      world.clock.advance(Duration.ofHours(3));
      var waiting = request(cache, "a");
      executor.runAll();
      assertThat(waiting).isNotDone();
      world.source.recover();
      world.advance(Duration.ofMillis(400));
      executor.runAll();

      assertThat(waiting).isCompletedWithValueMatching(issuance -> true);
      assertThat(cache.state().entries()).isEqualTo(1);
    }
  }
}
