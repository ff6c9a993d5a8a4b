package dev.podidentity.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.schedule.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests that wait while EKS Auth is away, at the JDK's server: none has a thread. */
@Tag("every-jdk")
class HeldExchangesTest {
  private static final int CLIENTS = 40;

  private final Timers timers = new Timers();
  private final AtomicBoolean away = new AtomicBoolean(true);
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final AtomicReference<CredentialSource> eksAuth = new AtomicReference<>();
  private final CachingCredentialSource cache =
      CachingCredentialSource.builder(
              token -> {
                if (away.get()) {
                  throw new CredentialException(FailureReason.SERVICE_UNAVAILABLE, "for a test");
                }
                return requireNonNull(eksAuth.get()).fetch(token);
              })
          .ticker(() -> 0)
          .scheduler(timers)
          .build();
  private AgentFixture agent;

  @BeforeEach
  void start() throws Exception {
    agent =
        AgentFixture.of(
            cluster -> {
              eksAuth.set(cluster.credentials());
              return cache;
            },
            null);
  }

  @AfterEach
  void stop() {
    agent.close();
    cache.close();
    clients.shutdownNow();
  }

  private List<Future<RawHttp.Response>> ask(String token) {
    List<Future<RawHttp.Response>> answers = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      answers.add(clients.submit(() -> agent.get("Host: 127.0.0.1", "Authorization: " + token)));
    }
    awaitHeld(CLIENTS);
    return answers;
  }

  /** Until each client has its deadline, and the first call has failed. */
  private void awaitHeld(int count) {
    awaitUntil(() -> timers.count(900, 900) == count && timers.count(270, 330) == 1);
  }

  private static void awaitUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private static long handlersOnAThread() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .filter(frame -> frame.getClassName().endsWith(".EndpointHandler"))
        .count();
  }

  @Test
  void waitWithoutAThreadAndAreAnsweredByWhatComes() throws Exception {
    List<Future<RawHttp.Response>> answers = ask(agent.token());
    awaitUntil(() -> handlersOnAThread() == 0);
    away.set(false);
    timers.runWithin(Duration.ofMillis(400));

    for (Future<RawHttp.Response> answer : answers) {
      assertThat(answer.get().status()).isEqualTo(200);
    }
  }

  @Test
  void areAnsweredWithTheFailureAtTheirDeadline() throws Exception {
    List<Future<RawHttp.Response>> answers = ask(agent.token());
    timers.runWithin(Duration.ofMillis(899));
    assertThat(answers).noneMatch(Future::isDone);
    timers.runWithin(Duration.ofMillis(900));

    for (Future<RawHttp.Response> answer : answers) {
      assertThat(answer.get().status()).isEqualTo(503);
      assertThat(answer.get().body()).contains("ServiceUnavailableException");
    }
  }

  @Test
  void keepTheirConnectionForTheNextRequest() throws Exception {
    String token = agent.token();
    try (var connection = RawHttp.connect(agent.ipv4())) {
      Future<RawHttp.Response> held =
          clients.submit(
              () ->
                  connection.send(
                      "GET /v1/credentials HTTP/1.1",
                      "Host: 127.0.0.1",
                      "Authorization: " + token));
      awaitHeld(1);
      away.set(false);
      timers.runWithin(Duration.ofMillis(400));
      assertThat(held.get().status()).isEqualTo(200);

      assertThat(
              connection
                  .send(
                      "GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", "Authorization: " + token)
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void areDrainedWhenTheServerCloses() throws Exception {
    List<Future<RawHttp.Response>> answers = ask(agent.token());
    Future<?> closing = clients.submit(agent::close);
    away.set(false);
    timers.runWithin(Duration.ofMillis(400));

    for (Future<RawHttp.Response> answer : answers) {
      assertThat(answer.get().status()).isEqualTo(200);
    }
    closing.get();
  }

  /** Tasks that run when the test says so, by the delay that they were given. */
  static final class Timers implements Scheduler {
    private record Task(Runnable work, Duration delay) {}

    private final List<Task> tasks = new CopyOnWriteArrayList<>();

    @Override
    public Scheduled schedule(Runnable work, Duration delay) {
      var task = new Task(work, delay);
      tasks.add(task);
      return () -> tasks.remove(task);
    }

    /** How many were to wait so long, in milliseconds. */
    long count(long from, long to) {
      return tasks.stream()
          .map(task -> task.delay().toMillis())
          .filter(delay -> delay >= from && delay <= to)
          .count();
    }

    /** Runs what was to wait no longer than this, and not what that schedules. */
    void runWithin(Duration delay) {
      for (Task task : List.copyOf(tasks)) {
        if (task.delay().compareTo(delay) <= 0 && tasks.remove(task)) {
          task.work().run();
        }
      }
    }
  }
}
