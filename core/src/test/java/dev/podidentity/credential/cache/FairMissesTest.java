package dev.podidentity.credential.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.CredentialSourceChain;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.imds.InstanceMetadataCredentialSource;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/**
 * Pods that ask for the first time while others send as many tokens as the agent lets them, each of
 * which is another one. Time is simulated: a call keeps its place for as long as the test says.
 */
class FairMissesTest {
  private static final ClientKey NOISY = address(66);
  private static final Duration TICK = Duration.ofMillis(5);

  private final CacheFixture world = new CacheFixture();
  private int forged;

  private CachingCredentialSource.Builder cacheWhoseCallsTake(Duration time) {
    return world.builder(task -> world.scheduler.schedule(task, time));
  }

  private static ClientKey address(int last) {
    return ClientKey.at(IpLiteral.parse("192.0.2." + last).orElseThrow());
  }

  private ServiceAccountToken forged() {
    return TestTokens.forged("victim", "my-app", CacheFixture.START, forged++);
  }

  private static FailureReason failureOf(CompletableFuture<Issuance> answer) {
    assertThat(answer).isDone();
    CompletionException end =
        catchThrowableOfType(CompletionException.class, () -> answer.getNow(null));
    assertThat(end).hasCauseInstanceOf(CredentialException.class);
    return ((CredentialException) requireNonNull(end.getCause())).reason();
  }

  @Test
  void answersFirstRequestsWhileAnotherAddressFloodsWithForgedTokens() {
    try (var cache = cacheWhoseCallsTake(Duration.ofMillis(400)).build()) {
      var answers = new ArrayList<CompletableFuture<Issuance>>();
      for (int second = 0; second < 60; second++) {
        floodForASecond(cache);
        answers.add(cache.request(world.token("pod-" + second), address(second)));
      }
      world.advance(Duration.ofMillis(900));

      assertThat(answers)
          .allSatisfy(
              answer ->
                  assertThat(answer)
                      .isCompletedWithValueMatching(
                          issuance -> issuance.credentials().accessKeyId().startsWith("uid-pod-")));
    }
  }

  private void floodForASecond(CachingCredentialSource cache) {
    Instant end = world.clock.instant().plusSeconds(1);
    while (world.clock.instant().isBefore(end)) {
      var unused = cache.request(forged(), NOISY);
      world.advance(TICK);
    }
  }

  @Test
  void asksNoMoreForAnAddressWhoseTokensAreForged() {
    try (var cache = cacheWhoseCallsTake(Duration.ofMillis(50)).build()) {
      for (int second = 0; second < 60; second++) {
        floodForASecond(cache);
      }
      int underWayAtOnce = CacheSettings.defaults().maxConcurrentCalls() / 2;

      assertThat(forged).isGreaterThan(10_000);
      assertThat(world.source.calls())
          .isLessThanOrEqualTo(InvalidTokenBackoff.AT_ONCE + 60 + underWayAtOnce);
    }
  }

  @Test
  void asksNoMoreForForgedTokensBehindTheInstanceMetadata() {
    var metadata = metadata();
    floodBehind(chain().source("first", metadata, metadata::offers));
  }

  @Test
  void asksNoMoreForForgedTokensBehindASourceThatCannotTellThem() {
    world.keysAvailable = false;
    floodBehind(chain().source("first", metadata()));
  }

  private InstanceMetadataCredentialSource metadata() {
    return InstanceMetadataCredentialSource.of(
        world.verifier, InstanceMetadataCredentialSource.DEFAULT_ENDPOINT, world.scheduler);
  }

  private CredentialSourceChain.Builder chain() {
    return CredentialSourceChain.builder().clock(world.clock);
  }

  private void floodBehind(CredentialSourceChain.Builder first) {
    var chain = first.source("EKS Auth", world.source).build();
    try (var cache = world.builder(chain, Runnable::run).build()) {
      for (int second = 0; second < 10; second++) {
        floodForASecond(cache);
      }

      assertThat(world.source.calls()).isBetween(1, InvalidTokenBackoff.AT_ONCE + 10);
      assertThat(cache.request(world.token("a"), address(1))).isCompleted();
    }
  }

  @Test
  void slowsDownForAThrottledSourceBehindOneThatIsAway() {
    CredentialSource away =
        token -> {
          throw new CredentialException(FailureReason.UNREACHABLE, "told to fail");
        };
    world.source.failWith(FailureReason.THROTTLED);
    var chain = chain().source("first", away).source("EKS Auth", world.source).build();
    var settings = CacheFixture.HOLDING_NOTHING;
    try (var cache = world.builder(chain, Runnable::run).settings(settings).build()) {
      var answer = cache.request(world.token("a"), address(1));

      assertThat(failureOf(answer)).isEqualTo(FailureReason.UNREACHABLE);
      assertThat(cache.state().renewalsPausedUntil()).isPresent();
    }
  }

  @Test
  void takesThrottlingThatAnAddressProvokesForItsFault() {
    world.source.failWith(FailureReason.THROTTLED);
    try (var cache = cacheWhoseCallsTake(Duration.ofMillis(50)).build()) {
      for (int second = 0; second < 10; second++) {
        floodForASecond(cache);
      }

      assertThat(world.source.calls()).isLessThan(100);
    }
  }

  @Test
  void asksAgainForAnAddressThatWasHeldBackAMomentAgo() {
    try (var cache = world.builder().build()) {
      useUpCallsOf(cache);
      assertThat(failureOf(cache.request(world.token("a"), NOISY)))
          .isEqualTo(FailureReason.OVERLOADED);
      world.advance(Duration.ofSeconds(1));

      assertThat(cache.request(world.token("a"), NOISY)).isCompleted();
    }
  }

  @Test
  void holdsAnAddressBackNoLongerThoughTheClockIsSetBack() {
    try (var cache = world.builder().build()) {
      useUpCallsOf(cache);
      world.clock.advance(Duration.ofHours(-1));
      world.advance(Duration.ofSeconds(1));

      assertThat(cache.request(world.token("a"), NOISY)).isCompleted();
    }
  }

  private void useUpCallsOf(CachingCredentialSource cache) {
    for (int i = 0; i < InvalidTokenBackoff.AT_ONCE; i++) {
      assertThat(failureOf(cache.request(forged(), NOISY))).isEqualTo(FailureReason.INVALID_TOKEN);
    }
  }

  @Test
  void asksForAGenuineTokenAtAnAddressThatIsHeldBack() {
    try (var cache = world.builder().verifier(world.verifier).build()) {
      useUpCallsOf(cache);

      assertThat(cache.request(world.token("a"), NOISY)).isCompleted();
      assertThat(failureOf(cache.request(forged(), NOISY))).isEqualTo(FailureReason.OVERLOADED);
    }
  }

  @Test
  void answersHitsAtAnAddressThatIsHeldBack() {
    try (var cache = world.builder().build()) {
      var unused = cache.request(world.token("a"), NOISY);
      useUpCallsOf(cache);

      assertThat(cache.request(world.token("a"), NOISY)).isCompleted();
    }
  }

  @Test
  void holdsNobodyBackForAMissingAssociation() {
    world.source.failWith(FailureReason.RESOURCE_NOT_FOUND);
    try (var cache = world.builder().build()) {
      for (int i = 0; i < 2 * InvalidTokenBackoff.AT_ONCE; i++) {
        var answer = cache.request(world.token("pod-" + i), NOISY);
        assertThat(failureOf(answer)).isEqualTo(FailureReason.RESOURCE_NOT_FOUND);
      }
    }
  }

  @Test
  void renewsWhileMissesNeverEnd() {
    var settings = CacheSettings.builder().maxConcurrentCalls(2).renewalJitter(0).build();
    try (var cache = cacheWhoseCallsTake(Duration.ofMillis(500)).settings(settings).build()) {
      ServiceAccountToken token = world.token("kept");
      var first = cache.request(token, address(1));
      world.advance(Duration.ofHours(3).minusMinutes(1));
      var again = cache.request(token, address(1));
      missesOfManyAddresses(cache, Duration.ofMinutes(3));

      assertThat(first).isCompleted();
      assertThat(again).isCompleted();
      assertThat(world.listener.events().stream().filter(event -> event.startsWith("renewed")))
          .containsExactly("renewed uid-kept");
    }
  }

  private void missesOfManyAddresses(CachingCredentialSource cache, Duration time) {
    Instant end = world.clock.instant().plus(time);
    for (int i = 0; world.clock.instant().isBefore(end); i++) {
      var unused = cache.request(world.token("other-" + i), address(100 + i % 100));
      world.advance(Duration.ofMillis(100));
    }
  }

  @Test
  void verifiesRotatedTokensWhileAnotherAddressFloodsWithForgedOnes() {
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).verifier(world.verifier).build()) {
      var first = cache.request(world.token("victim"), address(1));
      executor.runAll();
      for (int i = 0; i < 200; i++) {
        var unused = cache.request(forged(), NOISY);
      }
      world.advance(Duration.ofMillis(1));
      var rotated =
          cache.request(TestTokens.of("victim", CacheFixture.START.minusSeconds(1)), address(1));
      executor.runAll();

      assertThat(rotated)
          .isCompletedWithValueMatching(
              issuance -> issuance.credentials() == first.join().credentials());
    }
  }

  @Test
  void letsTheLongestLaneGiveWayWhenThereIsNoRoom() {
    var settings = CacheSettings.builder().maxConcurrentCalls(1).maxQueuedCalls(3).build();
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).settings(settings).build()) {
      var noisy = new ArrayList<CompletableFuture<Issuance>>();
      for (int i = 0; i < 4; i++) {
        noisy.add(cache.request(world.token("noisy-" + i), NOISY));
      }
      var quiet = cache.request(world.token("quiet"), address(1));
      var other = cache.request(world.token("other"), address(2));
      executor.runAll();

      assertThat(quiet).isCompleted();
      assertThat(other).isCompleted();
      assertThat(noisy.subList(0, 2)).allMatch(answer -> !answer.isCompletedExceptionally());
      assertThat(noisy.subList(2, 4))
          .extracting(FairMissesTest::failureOf)
          .containsOnly(FailureReason.OVERLOADED);
      assertThat(world.source.tokens().stream().map(TestTokens::uidOf))
          .containsExactly("uid-noisy-0", "uid-noisy-1", "uid-quiet", "uid-other");
    }
  }

  @Test
  void refusesWhoeverWouldTakeTheRoomOfAnEqual() {
    var settings = CacheSettings.builder().maxConcurrentCalls(1).maxQueuedCalls(2).build();
    var executor = new ManualExecutor();
    try (var cache = world.builder(executor).settings(settings).build()) {
      List<CompletableFuture<Issuance>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(cache.request(world.token("pod-" + i), address(i)));
      }

      assertThatThrownBy(() -> answers.get(3).join())
          .hasRootCauseInstanceOf(CredentialException.class);
      assertThat(answers.subList(0, 3)).noneMatch(CompletableFuture::isDone);
    }
  }
}
