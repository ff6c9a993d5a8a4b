package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.schedule.ManualScheduler;
import dev.podidentity.token.JwksSettings;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node's day with 250 pods and an outage of EKS Auth that begins at each hour in turn. It goes on
 * for ten hours more, to see what becomes of those whose outage or restart came late.
 */
class NodeDayTest {
  private static final int PODS = 250;
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration AFTERWARDS = Duration.ofHours(10);

  /** Just under a credential's life of 6 hours less the retention of 3. */
  private static final Duration OUTAGE = Duration.ofMinutes(170);

  private static final Duration ROTATION = TestTokens.LIFETIME.multipliedBy(4).dividedBy(5);
  private static final Duration STARTING = Duration.ofMinutes(10);

  /** The longest time between two requests of a pod: JavaScript asks 5 minutes before expiry. */
  private static final Duration LONGEST_SILENCE = Duration.ofHours(6);

  /** Signing takes time: all days have the same tokens. */
  private static final MovableClock SIGNING_CLOCK = MovableClock.startingAt(CacheFixture.START);

  private static final LocalCluster SIGNING_CLUSTER =
      LocalCluster.builder().clock(SIGNING_CLOCK).build();

  private static final List<List<ServiceAccountToken>> TOKENS =
      IntStream.range(0, PODS).mapToObj(NodeDayTest::tokensOf).toList();

  private static List<ServiceAccountToken> tokensOf(int number) {
    var account = new ServiceAccountRef("default", "app-" + number % 20);
    var pod = SIGNING_CLUSTER.startPod(account, "pod-" + number);
    Instant issued = CacheFixture.START.minus(ROTATION.multipliedBy(number).dividedBy(PODS));
    var tokens = new ArrayList<ServiceAccountToken>();
    while (issued.isBefore(CacheFixture.START.plus(DAY).plus(AFTERWARDS))) {
      SIGNING_CLOCK.advance(Duration.between(SIGNING_CLOCK.instant(), issued));
      tokens.add(ServiceAccountToken.parse(SIGNING_CLUSTER.projectedToken(pod)));
      issued = issued.plus(ROTATION);
    }
    return tokens;
  }

  private final Path directory;

  NodeDayTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** When an SDK asks again; see how each of them refreshes. */
  private enum Sdk {
    JAVA {
      @Override
      Instant refreshAt(Instant now, Instant expiry) {
        Instant inAnHour = now.plus(Duration.ofHours(1));
        Instant beforeExpiry = expiry.minus(Duration.ofMinutes(15));
        return inAnHour.isBefore(beforeExpiry) ? inAnHour : beforeExpiry;
      }
    },
    PYTHON {
      @Override
      Instant refreshAt(Instant now, Instant expiry) {
        return expiry.minus(Duration.ofMinutes(15));
      }
    },
    JAVASCRIPT {
      @Override
      Instant refreshAt(Instant now, Instant expiry) {
        return expiry.minus(Duration.ofMinutes(5));
      }
    };

    abstract Instant refreshAt(Instant now, Instant expiry);
  }

  private static final List<Sdk> SDKS = List.of(Sdk.JAVA, Sdk.PYTHON, Sdk.JAVASCRIPT);

  private final class Day {
    final MovableClock clock = MovableClock.startingAt(CacheFixture.START);
    final ManualScheduler scheduler = new ManualScheduler(clock);
    final FakeSource source = new FakeSource(clock);
    final Path keyFile;
    final Random random = new Random(7);
    boolean keysAway;
    int answeredCalls;
    int failedCalls;
    int podsWithout;
    CachingCredentialSource cache;

    Day(String name) {
      keyFile = directory.resolve(name + ".jwks.json");
      source.stopRecording();
      cache = start();
    }

    CachingCredentialSource start() {
      var verifier =
          TokenVerifier.jwks(
              LocalCluster.DEFAULT_ISSUER,
              this::keys,
              clock,
              scheduler,
              Duration.ofMinutes(1),
              JwksSettings.builder().file(keyFile).build());
      return CachingCredentialSource.builder(this::call)
          .settings(CacheFixture.HOLDING_NOTHING)
          .clock(clock)
          .ticker(scheduler)
          .scheduler(scheduler)
          .executor(Runnable::run)
          .random(random)
          .verifier(verifier)
          .build();
    }

    private String keys() throws IOException {
      if (keysAway) {
        throw new IOException("the API server is away");
      }
      return SIGNING_CLUSTER.jwks();
    }

    private TemporaryCredentials call(ServiceAccountToken token) {
      try {
        TemporaryCredentials credentials = source.fetch(token);
        answeredCalls++;
        return credentials;
      } catch (CredentialException e) {
        failedCalls++;
        throw e;
      }
    }

    void restart() {
      cache.close();
      cache = start();
    }

    void at(Duration time, Runnable what) {
      scheduler.schedule(what, time);
    }

    void outage(Duration from, boolean ofKeysToo) {
      at(
          from,
          () -> {
            source.failWith(FailureReason.UNREACHABLE);
            keysAway = ofKeysToo;
          });
      at(
          from.plus(OUTAGE),
          () -> {
            source.recover();
            keysAway = false;
          });
    }

    void run() {
      for (int i = 0; i < PODS; i++) {
        var pod = new Pod(this, TOKENS.get(i), SDKS.get(i % SDKS.size()));
        at(STARTING.multipliedBy(i).dividedBy(PODS), pod::ask);
      }
      scheduler.advance(DAY);
    }

    void goOn() {
      scheduler.advance(AFTERWARDS);
      cache.close();
    }
  }

  private static final class Pod {
    private final Day day;
    private final List<ServiceAccountToken> tokens;
    private final Sdk sdk;
    private @Nullable Instant expiry;

    Pod(Day day, List<ServiceAccountToken> tokens, Sdk sdk) {
      this.day = day;
      this.tokens = tokens;
      this.sdk = sdk;
    }

    void ask() {
      Instant now = day.clock.instant();
      if (expiry != null && !now.isBefore(expiry)) {
        day.podsWithout++;
        expiry = null;
      }
      Instant soon = now.plus(Duration.ofMinutes(1));
      Instant next = soon;
      try {
        expiry = day.cache.fetch(token(now)).expiration();
        Instant wanted = sdk.refreshAt(now, expiry);
        next = wanted.isAfter(soon) ? wanted : soon;
      } catch (CredentialException e) {
        assertThat(e.reason()).isEqualTo(FailureReason.UNREACHABLE);
      }
      day.scheduler.schedule(this::ask, Duration.between(now, next));
    }

    private ServiceAccountToken token(Instant now) {
      ServiceAccountToken newest = tokens.get(0);
      for (ServiceAccountToken token : tokens) {
        if (!token.issuedAt().orElseThrow().isAfter(now)) {
          newest = token;
        }
      }
      return newest;
    }
  }

  /** Each pod's credentials must be replaced once they have reached the retention. */
  private static int fewestCalls() {
    CacheSettings settings = CacheSettings.defaults();
    double oldest = settings.retention().toMinutes() * (1 + settings.renewalJitter());
    int fewest = 0;
    for (int i = 0; i < PODS; i++) {
      Duration present = DAY.minus(STARTING.multipliedBy(i).dividedBy(PODS));
      fewest += (int) Math.ceil(present.toMinutes() / oldest);
    }
    return fewest;
  }

  /** What the days of one kind came to. */
  private static final class Tally {
    private final String kind;
    private int least = Integer.MAX_VALUE;
    private int most;
    private int mostFailed;

    Tally(String kind) {
      this.kind = kind;
    }

    void add(Day day) {
      least = Math.min(least, day.answeredCalls);
      most = Math.max(most, day.answeredCalls);
      mostFailed = Math.max(mostFailed, day.failedCalls);
    }

    void print() {
      System.out.printf(
          "%s: %d to %d calls answered in 24 h for %d pods, the fewest that the retention allows"
              + " are %d; up to %d calls failed%n",
          kind, least, most, PODS, fewestCalls(), mostFailed);
    }

    void assertFew(int more) {
      // Two in a hundred earlier than the retention, the renewals of a day are nine.
      assertThat(most).as(kind).isLessThanOrEqualTo(9 * PODS + more);
    }
  }

  @Test
  void asksSeldomOnADayWithoutAnOutage() {
    var tally = new Tally("no outage");
    var day = new Day("quiet");
    day.run();
    tally.add(day);
    day.goOn();

    tally.print();
    assertThat(day.podsWithout).isZero();
    assertThat(day.failedCalls).isZero();
    tally.assertFew(0);
  }

  @Test
  void leavesNoPodWithoutWhenEksAuthIsAway() {
    var tally = new Tally("EKS Auth away");
    for (int hour = 0; hour < 24; hour++) {
      var day = new Day("away-" + hour);
      day.outage(Duration.ofHours(hour), false);
      day.run();
      tally.add(day);
      day.goOn();
      assertThat(day.podsWithout).as("outage at hour %d", hour).isZero();
    }
    tally.print();
    tally.assertFew(0);
  }

  @Test
  void leavesNoPodWithoutWhenTheKeysAreAwayToo() {
    var tally = new Tally("EKS Auth and the API server away");
    for (int hour = 0; hour < 24; hour++) {
      var day = new Day("keys-away-" + hour);
      day.outage(Duration.ofHours(hour), true);
      day.run();
      tally.add(day);
      day.goOn();
      assertThat(day.podsWithout).as("outage at hour %d", hour).isZero();
    }
    tally.print();
    tally.assertFew(0);
  }

  @Test
  void leavesNoPodWithoutWhenTheAgentIsRestartedAfterTheOutage() {
    var tally = new Tally("both away, restarted 10 minutes after");
    for (int hour = 0; hour < 24; hour++) {
      var day = new Day("restart-after-" + hour);
      day.outage(Duration.ofHours(hour), true);
      day.at(Duration.ofHours(hour).plus(OUTAGE).plusMinutes(10), day::restart);
      day.run();
      tally.add(day);
      day.goOn();
      assertThat(day.podsWithout).as("outage at hour %d", hour).isZero();
    }
    tally.print();
    tally.assertFew(PODS);
  }

  @Test
  void leavesNoPodWithoutWhenTheAgentIsRestartedBeforeTheOutage() {
    var tally = new Tally("both away, restarted 6 hours before");
    for (int hour = 7; hour < 24; hour++) {
      var day = new Day("restart-before-" + hour);
      day.outage(Duration.ofHours(hour), true);
      day.at(Duration.ofHours(hour).minus(LONGEST_SILENCE), day::restart);
      day.run();
      tally.add(day);
      day.goOn();
      assertThat(day.podsWithout).as("outage at hour %d", hour).isZero();
    }
    tally.print();
    tally.assertFew(PODS);
  }
}
