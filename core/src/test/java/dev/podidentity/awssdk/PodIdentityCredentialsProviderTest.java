package dev.podidentity.awssdk;

import static dev.podidentity.client.ScriptedTransport.answer;
import static dev.podidentity.client.ScriptedTransport.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.podidentity.client.Answers;
import dev.podidentity.client.Environment;
import dev.podidentity.client.ScriptedTransport;
import dev.podidentity.pod.PodFailureReason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

@Tag("every-jdk")
class PodIdentityCredentialsProviderTest {
  private static final Duration LIFETIME = Duration.ofHours(6);

  private final SimulatedTime time = new SimulatedTime();
  private final ScriptedTransport agent = new ScriptedTransport(token -> ok(expiry()));
  private final ArrayDeque<Runnable> background = new ArrayDeque<>();

  private Instant expiry() {
    return time.clock.instant().plus(LIFETIME);
  }

  private PodIdentityCredentialsProvider.Builder builder() {
    return PodIdentityCredentialsProvider.builder()
        .environment(Map.of(Environment.FULL_URI, "http://169.254.170.23/v1/credentials"))
        .clock(time.clock)
        .ticker(time)
        .random(() -> 0.5)
        .executor(Runnable::run)
        .transport(agent);
  }

  /** Fetches when it is told to, so that what callers get meanwhile can be looked at. */
  private PodIdentityCredentialsProvider withBackground() {
    return builder().executor(background::add).build();
  }

  private void runBackground() {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }

  private PodIdentityCredentialsProvider withCredentials() {
    PodIdentityCredentialsProvider provider = withBackground();
    CompletableFuture<? extends AwsCredentialsIdentity> first = resolveAsync(provider);
    runBackground();
    assertThat(first).isCompleted();
    return provider;
  }

  private static CompletableFuture<? extends AwsCredentialsIdentity> resolveAsync(
      PodIdentityCredentialsProvider provider) {
    return provider.resolveIdentity(ResolveIdentityRequest.builder().build());
  }

  private static PodIdentityException failureOf(PodIdentityCredentialsProvider provider) {
    return catchThrowableOfType(PodIdentityException.class, provider::resolveCredentials);
  }

  @Test
  void returnsWhatTheAgentAnswers() {
    try (var provider = builder().build()) {
      AwsCredentials credentials = provider.resolveCredentials();

      assertThat(credentials).isInstanceOf(AwsSessionCredentials.class);
      assertThat(credentials.accessKeyId()).isEqualTo("ASIA0LOCAL0000000001");
      assertThat(credentials.secretAccessKey()).isEqualTo(Answers.SECRET_KEY);
      assertThat(((AwsSessionCredentials) credentials).sessionToken())
          .isEqualTo(Answers.SESSION_TOKEN);
      assertThat(credentials.accountId()).contains(Answers.ACCOUNT);
      assertThat(credentials.expirationTime()).contains(expiry());
    }
  }

  @Test
  void reportsItselfToAwsAsTheSdkDoesForContainers() {
    try (var provider = builder().build()) {
      assertThat(provider.resolveCredentials().providerName()).contains("z");
    }
  }

  @Test
  void asksNoMoreWhileCredentialsAreFresh() {
    try (var provider = builder().build()) {
      AwsCredentials first = provider.resolveCredentials();
      time.pass(Duration.ofMinutes(49));

      assertThat(provider.resolveCredentials()).isSameAs(first);
      assertThat(resolveAsync(provider).join()).isSameAs(first);
      assertThat(agent.requests()).isEqualTo(1);
    }
  }

  @Test
  void waitsForAnAgentThatIsNotThereYet() {
    agent.script(
        token -> {
          if (time.nanos() < Duration.ofSeconds(3).toNanos()) {
            throw new ConnectException("Connection refused");
          }
          return ok(expiry());
        });
    try (var provider = builder().build()) {
      assertThat(provider.resolveCredentials()).isNotNull();
      assertThat(time.nanos()).isLessThan(Duration.ofSeconds(4).toNanos());
    }
  }

  @Test
  void pausesLongerAndLongerUpToALimit() {
    agent.script(
        token -> {
          throw new ConnectException("Connection refused");
        });
    try (var provider = builder().build()) {
      failureOf(provider);

      assertThat(time.pauses().subList(0, 6))
          .containsExactly(
              Duration.ofMillis(50),
              Duration.ofMillis(100),
              Duration.ofMillis(200),
              Duration.ofMillis(400),
              Duration.ofMillis(500),
              Duration.ofMillis(500));
    }
  }

  @Test
  void givesUpWhenTheBudgetIsSpentAndSaysHowOftenItTried() {
    agent.script(
        token -> {
          throw new ConnectException("Connection refused");
        });
    try (var provider = builder().build()) {
      PodIdentityException failure = failureOf(provider);

      assertThat(failure.reason()).isEqualTo(PodFailureReason.AGENT_UNREACHABLE);
      assertThat(failure.retryable()).isTrue();
      assertThat(failure)
          .hasMessageContaining("http://169.254.170.23")
          .hasMessageContaining("Connection refused")
          .hasMessageContaining("kubectl")
          .hasMessageMatching(
              ".*\\(tried " + agent.requests() + " times in [0-9]+ ms\\) \\[AGENT_UNREACHABLE\\]");
      assertThat(Duration.ofNanos(time.nanos()))
          .isBetween(Duration.ofSeconds(29), Duration.ofSeconds(30));
    }
  }

  @Test
  void triesAgainForAsLongAsItIsTold() {
    agent.script(token -> answer(503, ""));
    try (var provider = builder().startupBudget(Duration.ofSeconds(2)).build()) {
      assertThat(failureOf(provider).reason()).isEqualTo(PodFailureReason.AGENT_FAILED);
      assertThat(Duration.ofNanos(time.nanos())).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void givesNoRequestMoreTimeThanTheBudgetHasLeft() {
    agent.script(
        token -> {
          time.pass(Duration.ofMillis(2_900));
          throw new SocketTimeoutException();
        });
    try (var provider = builder().startupBudget(Duration.ofSeconds(5)).build()) {
      PodIdentityException failure = failureOf(provider);

      assertThat(failure).hasMessageContaining("did not answer within 2050 ms");
      assertThat(agent.timeouts()).containsExactly(Duration.ofSeconds(3), Duration.ofMillis(2_050));
    }
  }

  @Test
  void honoursRetryAfter() {
    agent.script(token -> agent.requests() == 1 ? answer(429, "", "4") : ok(expiry()));
    try (var provider = builder().build()) {
      provider.resolveCredentials();

      assertThat(time.pauses()).containsExactly(Duration.ofSeconds(4));
    }
  }

  @Test
  void isNotSwitchedOffByALongRetryAfter() {
    try (var provider = withCredentials()) {
      agent.script(token -> answer(429, "", "3600"));
      time.pass(Duration.ofMinutes(56));
      provider.resolveCredentials();
      runBackground();
      agent.script(token -> ok(expiry()));
      time.pass(Duration.ofSeconds(29));
      provider.resolveCredentials();
      assertThat(background).isEmpty();

      time.pass(Duration.ofSeconds(1));
      provider.resolveCredentials();
      assertThat(background).hasSize(1);
    }
  }

  @Test
  void doesNotCountTheTimeForWhichTheProcessWasStopped() {
    agent.script(
        token -> {
          if (agent.requests() > 1) {
            return ok(expiry());
          }
          time.pass(Duration.ofSeconds(40));
          throw new SocketTimeoutException();
        });
    try (var provider = builder().build()) {
      assertThat(provider.resolveCredentials()).isNotNull();
      assertThat(agent.timeouts()).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));
    }
  }

  @Test
  void answersWhateverALoggerThrows() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.addTurboFilter(new FullDisk());
    try (var provider = withCredentials()) {
      AwsCredentials first = provider.resolveCredentials();
      agent.script(token -> answer(404, ""));
      time.pass(LIFETIME.minusMinutes(1));

      CompletableFuture<? extends AwsCredentialsIdentity> waiting = resolveAsync(provider);
      runBackground();
      assertThat(waiting.join()).isSameAs(first);
    } finally {
      context.resetTurboFilterList();
    }
  }

  private static final class FullDisk extends TurboFilter {
    @Override
    public FilterReply decide(
        @Nullable Marker marker,
        Logger logger,
        Level level,
        @Nullable String format,
        Object @Nullable [] params,
        @Nullable Throwable t) {
      if (logger.getName().startsWith("dev.podidentity")) {
        throw new NoSuchMethodError("No space left on device");
      }
      return FilterReply.NEUTRAL;
    }
  }

  @Test
  void tellsAnExecutorThatIsFull() {
    try (var provider = impatient(task -> {})) {
      assertThat(failureOf(provider))
          .hasMessageContaining("The executor did not begin to fetch credentials within 2 ms");
    }
  }

  @Test
  void tellsAFetchThatDoesNotEndFromAnExecutorThatIsFull() throws InterruptedException {
    var asked = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    agent.script(
        token -> {
          asked.countDown();
          awaitQuietly(release);
          return ok(expiry());
        });
    Executor thread = task -> new Thread(task).start();
    try (var provider = impatient(thread)) {
      asked.await();
      assertThat(failureOf(provider))
          .hasMessageContaining("Fetching credentials has not ended within 2 ms");
      release.countDown();
    }
  }

  private PodIdentityCredentialsProvider impatient(Executor executor) {
    PodIdentityCredentialsProvider provider =
        builder()
            .executor(executor)
            .startupBudget(Duration.ofMillis(1))
            .grace(Duration.ofMillis(1))
            .build();
    assertThat(resolveAsync(provider)).isNotDone();
    return provider;
  }

  @Test
  void doesNotWaitForLongerThanTheBudgetBecauseItIsAskedTo() {
    agent.script(token -> answer(429, "", "3600"));
    try (var provider = builder().build()) {
      PodIdentityException failure = failureOf(provider);

      assertThat(failure.reason()).isEqualTo(PodFailureReason.THROTTLED);
      assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
      assertThat(time.pauses()).isEmpty();
      time.pass(Duration.ofSeconds(29));
      assertThat(failureOf(provider).reason()).isEqualTo(PodFailureReason.THROTTLED);
      assertThat(agent.requests()).isEqualTo(1);
      time.pass(Duration.ofSeconds(1));
      failureOf(provider);
      assertThat(agent.requests()).isEqualTo(2);
    }
  }

  @Test
  void failsAtOnceOnAFinalAnswer() {
    for (int status : List.of(400, 403, 404)) {
      agent.script(token -> answer(status, ""));
      int before = agent.requests();
      try (var provider = builder().build()) {
        assertThat(failureOf(provider).retryable()).isFalse();
        assertThat(agent.requests() - before).isEqualTo(1);
      }
    }
  }

  @Test
  void readsTheTokenAgainForEachAttempt() {
    agent.script(token -> agent.requests() == 1 ? answer(500, "") : ok(expiry()));
    try (var provider =
        builder()
            .environment(
                Map.of(
                    Environment.FULL_URI,
                    "http://169.254.170.23/v1/credentials",
                    Environment.TOKEN,
                    " opaque-token\n"))
            .build()) {
      provider.resolveCredentials();

      assertThat(agent.tokens()).containsExactly("opaque-token", "opaque-token");
    }
  }

  @Test
  void renewsBehindTheCallersBack() {
    try (var provider = withCredentials()) {
      AwsCredentials first = provider.resolveCredentials();
      time.pass(Duration.ofMinutes(56));

      assertThat(provider.resolveCredentials()).isSameAs(first);
      assertThat(provider.resolveCredentials()).isSameAs(first);
      assertThat(background).hasSize(1);
      runBackground();
      assertThat(provider.resolveCredentials()).isNotSameAs(first);
      assertThat(agent.requests()).isEqualTo(2);
    }
  }

  @Test
  void waitsInTheLastMinutes() {
    try (var provider = withCredentials()) {
      AwsCredentials first = provider.resolveCredentials();
      time.pass(LIFETIME.minusMinutes(1));

      CompletableFuture<? extends AwsCredentialsIdentity> waiting = resolveAsync(provider);
      assertThat(waiting).isNotDone();
      runBackground();
      assertThat(waiting.join()).isNotSameAs(first);
    }
  }

  @Test
  void returnsWhatIsStillValidIfWaitingWasInVain() {
    try (var provider = withCredentials()) {
      AwsCredentials first = provider.resolveCredentials();
      agent.script(token -> answer(503, ""));
      time.pass(LIFETIME.minusMinutes(1));

      CompletableFuture<? extends AwsCredentialsIdentity> waiting = resolveAsync(provider);
      runBackground();
      assertThat(waiting.join()).isSameAs(first);
    }
  }

  @Test
  void keepsValidCredentialsWhenRenewingFailsAndBacksOffForAll() {
    try (var provider = withCredentials()) {
      AwsCredentials first = provider.resolveCredentials();
      agent.script(token -> answer(404, ""));
      time.pass(Duration.ofHours(1));
      provider.resolveCredentials();
      runBackground();
      int asked = agent.requests();

      time.pass(Duration.ofMillis(900));
      assertThat(provider.resolveCredentials()).isSameAs(first);
      assertThat(background).isEmpty();
      assertThat(agent.requests()).isEqualTo(asked);

      time.pass(Duration.ofMillis(200));
      assertThat(provider.resolveCredentials()).isSameAs(first);
      assertThat(background).hasSize(1);
    }
  }

  @Test
  void neverReturnsExpiredCredentials() {
    try (var provider = withCredentials()) {
      agent.script(token -> answer(404, ""));
      time.pass(LIFETIME);

      CompletableFuture<? extends AwsCredentialsIdentity> waiting = resolveAsync(provider);
      runBackground();
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(waiting::join)
          .withCauseInstanceOf(PodIdentityException.class);
      assertThat(failureOf(provider).reason()).isEqualTo(PodFailureReason.NO_ASSOCIATION);
    }
  }

  @Test
  void returnsNoExpiredCredentialsWhenTheClockIsSetBack() {
    try (var provider = builder().build()) {
      AwsCredentials first = provider.resolveCredentials();
      time.pass(LIFETIME.minusSeconds(1));
      time.setClock(Duration.ofDays(-1));
      agent.script(token -> answer(404, ""));
      assertThat(provider.resolveCredentials()).isSameAs(first);

      time.pass(Duration.ofSeconds(31));
      assertThat(failureOf(provider).reason()).isEqualTo(PodFailureReason.NO_ASSOCIATION);
    }
  }

  @Test
  void takesCredentialsOfAUser() {
    agent.script(
        token ->
            answer(
                200,
                """
                {"AccessKeyId": "AKIA0LOCAL0000000001", "SecretAccessKey": "LocalSecret",
                 "Expiration": "2026-01-01T06:00:00+0000", "AccountId": ""}"""));
    try (var provider = builder().build()) {
      AwsCredentials credentials = provider.resolveCredentials();

      assertThat(credentials).isInstanceOf(AwsBasicCredentials.class);
      assertThat(credentials.accountId()).isEmpty();
      time.pass(Duration.ofHours(6));
      assertThat(failureOf(provider).reason()).isEqualTo(PodFailureReason.BAD_ANSWER);
    }
  }

  @Test
  void takesTheShorterBudgetOnceThereHaveBeenCredentials() {
    try (var provider = builder().build()) {
      provider.resolveCredentials();
      agent.script(token -> answer(503, ""));
      time.pass(LIFETIME);
      long before = time.nanos();
      failureOf(provider);

      assertThat(Duration.ofNanos(time.nanos() - before)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void recoversFromAnOutageThatOutlastedTheCredentials() {
    try (var provider = builder().build()) {
      provider.resolveCredentials();
      agent.script(token -> answer(503, ""));
      time.pass(LIFETIME);
      failureOf(provider);
      agent.script(token -> ok(expiry()));
      time.pass(Duration.ofSeconds(30));

      assertThat(provider.resolveCredentials().expirationTime()).contains(expiry());
    }
  }

  @Test
  void asksSeldomForCredentialsThatAreShortLivedAlready() {
    Instant expiration = time.clock.instant().plusSeconds(120);
    agent.script(token -> ok(expiration));
    try (var provider = builder().build()) {
      while (time.clock.instant().isBefore(expiration)) {
        provider.resolveCredentials();
        time.pass(Duration.ofMillis(100));
      }

      assertThat(agent.requests()).isLessThan(12);
    }
  }

  @Test
  void startsOneFetchForManyCallers() throws InterruptedException {
    int callers = 1_000;
    var release = new CountDownLatch(1);
    var asked = new AtomicInteger();
    agent.script(
        token -> {
          asked.incrementAndGet();
          awaitQuietly(release);
          return ok(expiry());
        });
    var started = new CountDownLatch(callers);
    var answered = new CountDownLatch(callers);
    var failures = new AtomicInteger();
    Executor thread = task -> new Thread(task).start();
    try (var provider = builder().executor(thread).build()) {
      for (int i = 0; i < callers; i++) {
        thread.execute(
            () -> {
              started.countDown();
              try {
                provider.resolveCredentials();
              } catch (RuntimeException e) {
                failures.incrementAndGet();
              }
              answered.countDown();
            });
      }
      started.await();
      release.countDown();
      assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(asked).hasValue(1);
      assertThat(failures).hasValue(0);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void givesEachAsyncCallerAFutureOfItsOwn() {
    try (var provider = withBackground()) {
      CompletableFuture<? extends AwsCredentialsIdentity> cancelled = resolveAsync(provider);
      CompletableFuture<? extends AwsCredentialsIdentity> patient = resolveAsync(provider);
      cancelled.cancel(true);
      runBackground();

      assertThat(patient.join().accountId()).contains(Answers.ACCOUNT);
    }
  }

  @Test
  void givesEachCallerAnExceptionOfItsOwn() {
    agent.script(token -> answer(404, ""));
    try (var provider = builder().build()) {
      PodIdentityException first = failureOf(provider);
      PodIdentityException second = failureOf(provider);

      assertThat(second).isNotSameAs(first).hasMessage(first.getMessage());
    }
  }

  @Test
  void saysWhatIsWrongOnce() {
    agent.script(token -> answer(404, ""));
    try (var provider = builder().build()) {
      String what = "found no pod identity association";
      for (Throwable failure : List.of(failureOf(provider), failureInFuture(provider))) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));

        assertThat(trace.toString().split(what, -1)).hasSize(2);
      }
    }
  }

  private static Throwable failureInFuture(PodIdentityCredentialsProvider provider) {
    return resolveAsync(provider).handle((credentials, failure) -> unwrapped(failure)).join();
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  @Test
  void failsAndTriesAgainLaterWhenTheExecutorRefuses() {
    Executor refusing =
        task -> {
          throw new RejectedExecutionException("full");
        };
    try (var provider = builder().executor(refusing).build()) {
      assertThatExceptionOfType(RejectedExecutionException.class)
          .isThrownBy(provider::resolveCredentials);
    }
  }

  @Test
  void doesNotSwallowAnInterrupt() {
    try (var provider = withBackground()) {
      Thread.currentThread().interrupt();

      assertThatExceptionOfType(AbortedException.class).isThrownBy(provider::resolveCredentials);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void answersThoseWhoWaitWhileItIsClosed() {
    PodIdentityCredentialsProvider provider = withBackground();
    CompletableFuture<? extends AwsCredentialsIdentity> waiting = resolveAsync(provider);
    provider.close();
    provider.close();
    runBackground();

    assertThat(waiting.join()).isSameAs(provider.resolveCredentials());
    assertThat(agent.requests()).isEqualTo(1);
  }

  @Test
  void fetchesAnewWhatWasInvalidated() {
    try (var provider = builder().build()) {
      AwsCredentials first = provider.resolveCredentials();
      provider.invalidate();

      assertThat(provider.resolveCredentials()).isNotSameAs(first);
      assertThat(agent.requests()).isEqualTo(2);
    }
  }

  @Test
  void keepsNothingOfAFetchThatBeganBeforeItWasInvalidated() {
    try (var provider = withBackground()) {
      CompletableFuture<? extends AwsCredentialsIdentity> waiting = resolveAsync(provider);
      provider.invalidate();
      runBackground();
      assertThat(waiting).isCompleted();

      assertThat(resolveAsync(provider)).isNotDone();
      runBackground();
      assertThat(agent.requests()).isEqualTo(2);
    }
  }

  @Test
  void dropsWhatAServiceRefusedUnlessItIsNew() {
    try (var provider = builder().build()) {
      AwsCredentials first = provider.resolveCredentials();
      assertThat(provider.invalidate(first)).isCompleted();
      assertThat(provider.resolveCredentials()).isSameAs(first);

      time.pass(Duration.ofSeconds(30));
      AwsCredentials other = AwsBasicCredentials.create("AKIA0LOCAL0OTHER0000", "local");
      assertThat(provider.invalidate(other)).isCompleted();
      assertThat(provider.resolveCredentials()).isSameAs(first);
      assertThat(provider.invalidate(first)).isCompleted();
      assertThat(provider.resolveCredentials()).isNotSameAs(first);
    }
  }

  @Test
  void stillAnswersOnceItIsClosed() {
    PodIdentityCredentialsProvider provider = withCredentials();
    AwsCredentials first = provider.resolveCredentials();
    provider.close();

    assertThat(provider.resolveCredentials()).isSameAs(first);
    assertThat(resolveAsync(provider).join()).isSameAs(first);
  }

  @Test
  void fetchesOnTheCallersThreadOnceItIsClosed() {
    PodIdentityCredentialsProvider provider = withCredentials();
    AwsCredentials first = provider.resolveCredentials();
    provider.close();

    for (Duration step : List.of(Duration.ofMinutes(56), LIFETIME)) {
      time.pass(step);
      assertThat(provider.resolveCredentials()).isNotSameAs(first);
      time.pass(step);
      assertThat(resolveAsync(provider)).isCompletedWithValueMatching(next -> next != first);
    }
    assertThat(background).isEmpty();
    assertThat(agent.requests()).isEqualTo(5);
  }

  @Test
  void abandonsARenewalThatNoCallerWaitsForWhenItIsClosed() {
    PodIdentityCredentialsProvider provider = withCredentials();
    AwsCredentials first = provider.resolveCredentials();
    time.pass(Duration.ofMinutes(56));
    provider.resolveCredentials();
    agent.script(token -> answer(503, ""));
    provider.close();
    runBackground();

    assertThat(time.pauses()).isEmpty();
    agent.script(token -> ok(expiry()));
    assertThat(provider.resolveCredentials()).isNotSameAs(first);
  }

  @Test
  void neverThrowsWhereAFutureIsExpected() {
    agent.script(token -> answer(404, ""));
    PodIdentityCredentialsProvider provider = builder().build();
    provider.close();

    assertThat(resolveAsync(provider)).isCompletedExceptionally();
  }

  @Test
  void hasNoThreadWhileItIsIdle() throws InterruptedException {
    var threads = new ArrayList<Thread>();
    Executor remembering =
        task -> {
          var thread = new Thread(task);
          threads.add(thread);
          thread.start();
        };
    try (var provider = builder().executor(remembering).build()) {
      provider.resolveCredentials();

      assertThat(threads).hasSize(1);
      threads.get(0).join();
    }
  }

  @Test
  void refusesAnotherAccount() {
    try (var provider = builder().expectedAccountId("999988887777").build()) {
      PodIdentityException failure = failureOf(provider);

      assertThat(failure.reason()).isEqualTo(PodFailureReason.WRONG_IDENTITY);
      assertThat(failure)
          .hasMessageContaining("of account 111122223333")
          .hasMessageContaining("expected is account 999988887777");
    }
  }

  @Test
  void refusesAnotherRoleWhereTheAgentTellsIt() {
    String role = "arn:aws:iam::111122223333:role/path/my-role";
    for (var told :
        Map.of(
                role,
                true,
                "arn:aws:sts::111122223333:assumed-role/my-role/session",
                true,
                "arn:aws:iam::111122223333:role/other",
                false,
                "arn:aws:sts::111122223333:assumed-role/other/session",
                false,
                "nonsense",
                false)
            .entrySet()) {
      agent.script(
          token ->
              answer(
                  200,
                  Answers.with(
                      "ASIA0LOCAL0000000001",
                      expiry(),
                      ", \"AccountId\": \"111122223333\", \"RoleArn\": \""
                          + told.getKey()
                          + "\"")));
      try (var provider = builder().expectedRoleArn(role).build()) {
        boolean accepted = failureOf(provider) == null;
        assertThat(accepted).as(told.getKey()).isEqualTo(told.getValue());
      }
    }
  }

  @Test
  void refusesCredentialsWithoutAnAccountWhereOneIsExpected() {
    agent.script(token -> answer(200, Answers.with("ASIA0LOCAL0000000001", expiry(), "")));
    try (var provider =
        builder().expectedRoleArn("arn:aws:iam::111122223333:role/my-role").build()) {
      assertThat(failureOf(provider).reason()).isEqualTo(PodFailureReason.WRONG_IDENTITY);
    }
    try (var provider = builder().build()) {
      assertThat(provider.resolveCredentials().accountId()).isEmpty();
    }
  }

  @Test
  void refusesExpectationsThatCannotBeMet() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().expectedAccountId("my-account").build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().expectedRoleArn("my-role").build());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                builder()
                    .expectedAccountId("999988887777")
                    .expectedRoleArn("arn:aws:iam::111122223333:role/my-role")
                    .build());
    assertThatIllegalArgumentException().isThrownBy(() -> builder().requestTimeout(Duration.ZERO));
  }

  @Test
  void takesTheEndpointThatWasSetBeforeTheEnvironment() {
    agent.script(
        token -> {
          throw new ConnectException();
        });
    try (var provider = builder().endpoint(URI.create("http://127.0.0.1:8080/x")).build()) {
      assertThat(failureOf(provider)).hasMessageContaining("http://127.0.0.1:8080");
    }
  }

  @Test
  void asksNobodyWhenNothingIsConfigured() {
    try (var provider = builder().environment(Map.of()).build()) {
      PodIdentityException failure = failureOf(provider);

      assertThat(failure.reason()).isEqualTo(PodFailureReason.NOT_CONFIGURED);
      assertThat(failure).hasMessageContaining(Environment.FULL_URI);
      assertThat(agent.requests()).isZero();
    }
  }
}
