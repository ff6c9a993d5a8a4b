package dev.podidentity.credential.cache;

import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.local.MovableClock;
import dev.podidentity.schedule.ManualScheduler;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A cache in which nothing happens but what the test lets happen. */
final class CacheFixture {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** For tests in which a failure is answered at once, so that nobody waits for the time. */
  static final CacheSettings HOLDING_NOTHING = CacheSettings.builder().maxHeldRequests(0).build();

  final MovableClock clock = MovableClock.startingAt(START);
  final ManualScheduler scheduler = new ManualScheduler(clock);
  final FakeSource source = new FakeSource(clock);
  final RecordingListener listener = new RecordingListener();
  boolean keysAvailable = true;
  private Runnable look = () -> {};

  /** Decides by the signature that {@link TestTokens} gives, while there are keys. */
  final TokenVerifier verifier =
      token -> {
        if (!keysAvailable) {
          throw new KeysUnavailableException("the API server is away", null);
        }
        if (TestTokens.isForged(token)) {
          throw new InvalidTokenException(InvalidTokenException.Reason.BAD_SIGNATURE, "forged");
        }
        token.requireValidAt(clock.instant(), Duration.ZERO);
      };

  CachingCredentialSource.Builder builder() {
    return builder(Runnable::run);
  }

  CachingCredentialSource.Builder builder(Executor executor) {
    return builder(source, executor);
  }

  CachingCredentialSource.Builder builder(CredentialSource asked, Executor executor) {
    return CachingCredentialSource.builder(asked)
        .clock(clock)
        .ticker(scheduler)
        .scheduler(scheduler)
        .executor(executor)
        .random(new Random(1))
        .listener(listener)
        .watchdog(this::watch);
  }

  /** Lets the watchdog of the cache that was built last look when {@link #look} is called. */
  Watchdog.Watching watch(Runnable toLook) {
    look = toLook;
    return () -> look = () -> {};
  }

  void look() {
    look.run();
  }

  ServiceAccountToken token(String pod) {
    return TestTokens.of(pod, clock.instant());
  }

  void advance(Duration duration) {
    scheduler.advance(duration);
  }

  static TemporaryCredentials now(CompletableFuture<Issuance> answer) {
    if (!answer.isDone()) {
      throw new AssertionError("no answer yet");
    }
    return answer.join().credentials();
  }
}
