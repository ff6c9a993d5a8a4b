package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.eksauth.EksAuthClient;

/**
 * An EKS Auth that cannot be trusted, asked with the AWS SDK's own client: each call ends in time
 * with a typed failure, and pods keep what they were granted before. Most of the time is spent on
 * waiting, which is done together.
 */
@Tag("every-jdk")
class HostileUpstreamTest {
  /** Far above the budget of a call: the machine may be busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int AT_ONCE = 8;

  private static final LocalCluster CLUSTER = LocalCluster.builder().build();

  private final ServiceAccountToken token = token("my-pod");
  private HostileUpstream upstream;
  private EksAuthClient client;
  private EksAuthCredentialSource source;

  @BeforeEach
  void start() throws IOException {
    upstream = new HostileUpstream();
    client = client(upstream);
    source = EksAuthCredentialSource.of(client, "my-cluster");
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    upstream.close();
  }

  private static EksAuthClient client(HostileUpstream upstream) {
    return EksAuthClients.forNode()
        .endpoint(upstream.endpoint())
        .region("us-west-2")
        .credentials(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIA0LOCAL0NODE00000", "LocalSecret/node")))
        .build();
  }

  private static ServiceAccountToken token(String pod) {
    return ServiceAccountToken.parse(
        CLUSTER.projectedToken(CLUSTER.startPod(new ServiceAccountRef("default", "my-app"), pod)));
  }

  @Test
  void wouldTakeAGoodAnswer() {
    upstream.answers(wire -> wire.json(200, HostileAnswer.good("good", 3_600)));

    assertThat(source.fetch(token).accessKeyId()).isEqualTo("good");
  }

  @Test
  void takesNothingAwayFromPods() throws Exception {
    forEach(this::takesNothingAwayFromPods);
  }

  private void takesNothingAwayFromPods(
      HostileAnswer answer, HostileUpstream upstream, EksAuthCredentialSource source) {
    upstream.answers(wire -> wire.json(200, HostileAnswer.good("good", 6 * 3_600)));
    var clock = MovableClock.startingAt(Instant.now());
    Deque<Runnable> timers = new ArrayDeque<>();
    try (var cache =
        CachingCredentialSource.builder(source)
            .settings(CacheSettings.builder().renewalJitter(0).build())
            .clock(clock)
            .ticker(() -> Duration.between(Instant.EPOCH, clock.instant()).toNanos())
            .scheduler(
                (task, delay) -> {
                  timers.add(task);
                  return () -> timers.remove(task);
                })
            .executor(Runnable::run)
            .build()) {
      TemporaryCredentials good = cache.fetch(token);
      int before = upstream.requests();
      upstream.answers(answer.script());
      clock.advance(Duration.ofHours(3).plusSeconds(1));
      long start = System.nanoTime();
      List.copyOf(timers).forEach(Runnable::run);

      assertThat(upstream.requests()).describedAs("a renewal").isGreaterThan(before);
      assertThat(cache.fetch(token)).describedAs("%s", answer).isSameAs(good);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
      assertThat(cache.entries().get(0).lastError()).describedAs("%s", answer).isPresent();
    }
  }

  @Test
  void endsInTimeWithATypedFailure() throws Exception {
    forEach(this::endsInTimeWithATypedFailure);
  }

  private void endsInTimeWithATypedFailure(
      HostileAnswer answer, HostileUpstream upstream, EksAuthCredentialSource source) {
    upstream.answers(answer.script());
    try (var cache = cache(source)) {
      long start = System.nanoTime();
      var failure = catchThrowableOfType(CredentialException.class, () -> cache.fetch(token));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
      System.out.println(answer + ": " + failure.reason() + " " + failure.getMessage());
      assertThat(failure.getMessage())
          .describedAs("%s", answer)
          .hasSizeLessThan(1_000)
          .contains("default/my-app")
          .doesNotContain("LocalSecret/")
          .doesNotContain(token.value());
      assertThat(cache.state().entries()).isZero();
    }
  }

  /** What is asked of a source whose service answers something. */
  @FunctionalInterface
  private interface Check {
    void of(HostileAnswer answer, HostileUpstream upstream, EksAuthCredentialSource source);
  }

  private static void forEach(Check check) throws Exception {
    List<HostileAnswer> checked =
        AtATime.all(
            AT_ONCE,
            List.of(HostileAnswer.values()),
            answer -> {
              try (var upstream = new HostileUpstream();
                  var client = client(upstream)) {
                check.of(answer, upstream, EksAuthCredentialSource.of(client, "my-cluster"));
              }
              return answer;
            });
    assertThat(checked).containsExactly(HostileAnswer.values());
  }

  @Test
  void givesNoPodWhatIsLeftOfAnotherOnesAnswer() {
    upstream.answers(
        wire -> {
          wire.json(200, HostileAnswer.good("first", 3_600));
          wire.json(200, HostileAnswer.good("second", 3_600));
        });
    source.fetch(token);
    upstream.answers(wire -> wire.json(200, HostileAnswer.good("own", 3_600)));

    assertThat(source.fetch(token("other-pod")).accessKeyId()).isEqualTo("own");
  }

  @Test
  void needsLittleMemoryForAnyAnswer() throws Exception {
    String output =
        ChildJvm.run(SmallNode.class, List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"), Map.of());

    assertThat(output).contains("survived=" + HostileAnswer.values().length);
  }

  private static CachingCredentialSource cache(EksAuthCredentialSource source) {
    return CachingCredentialSource.builder(source)
        .settings(
            CacheSettings.builder()
                .waiterDeadline(PATIENCE.multipliedBy(2))
                .maxHeldRequests(0)
                .build())
        .executor(Runnable::run)
        .build();
  }

  /** Asks for hostile answers, eight at a time, on a heap that has no room for one long one. */
  static final class SmallNode {
    public static void main(String[] args) throws Exception {
      int survived = 0;
      for (boolean one :
          AtATime.all(AT_ONCE, List.of(HostileAnswer.values()), SmallNode::survives)) {
        survived += one ? 1 : 0;
      }
      System.out.println("survived=" + survived);
    }

    private static boolean survives(HostileAnswer answer) throws IOException {
      try (var upstream = new HostileUpstream();
          var client = client(upstream);
          var cache = cache(EksAuthCredentialSource.of(client, "my-cluster"))) {
        upstream.answers(answer.script());
        var unused = cache.fetch(token("my-pod"));
        return false;
      } catch (CredentialException e) {
        System.out.println(answer + " " + e.reason());
        return true;
      }
    }
  }
}
