package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.RoleArn;
import dev.podidentity.client.Answers;
import dev.podidentity.client.Environment;
import dev.podidentity.client.ScriptedTransport;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.http.HttpReply;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalPod;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** 24 hours of a pod in a local cluster, a call each second. */
class DayInAPodTest {
  private static final ServiceAccountRef ACCOUNT =
      new ServiceAccountRef("default", "my-service-account");
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration KUBELET_ROTATES_AFTER = Duration.ofHours(19);
  private static final int CALLS = 24 * 60 * 60;

  private final SimulatedTime time = new SimulatedTime();
  private final LocalCluster cluster = LocalCluster.builder().clock(time.clock).build();
  private final LocalPod pod = cluster.startPod(ACCOUNT, "my-pod");
  private final ArrayDeque<Runnable> background = new ArrayDeque<>();
  private final ScriptedTransport agent = new ScriptedTransport(this::fetch);
  @TempDir private Path directory = Path.of(".");

  private HttpReply fetch(@Nullable String token) {
    TemporaryCredentials issued =
        cluster.credentials().fetch(ServiceAccountToken.parse(String.valueOf(token)));
    return ScriptedTransport.answer(
        200, Answers.credentials(issued.accessKeyId(), issued.expiration()));
  }

  private PodIdentityCredentialsProvider provider(Path tokenFile) {
    return PodIdentityCredentialsProvider.builder()
        .environment(
            Map.of(
                Environment.FULL_URI,
                "http://169.254.170.23/v1/credentials",
                Environment.TOKEN_FILE,
                tokenFile.toString()))
        .clock(time.clock)
        .ticker(time)
        .random(new Random(1)::nextDouble)
        .executor(background::add)
        .transport(agent)
        .build();
  }

  private void write(Path tokenFile) throws IOException {
    Files.writeString(tokenFile, cluster.projectedToken(pod), StandardCharsets.US_ASCII);
  }

  private void runBackground() {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }

  @Test
  void blocksNobodyAfterTheFirstCallAndAsksOnceAnHour() throws IOException {
    cluster.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
    Path tokenFile = directory.resolve("token");
    write(tokenFile);
    Instant rotation = time.clock.instant().plus(KUBELET_ROTATES_AFTER);
    boolean rotated = false;
    try (var provider = provider(tokenFile)) {
      var first = provider.resolveIdentity(request -> {});
      runBackground();
      assertThat(first).isCompleted();
      for (int call = 0; call < CALLS; call++) {
        time.pass(DAY.dividedBy(CALLS));
        if (!rotated && !time.clock.instant().isBefore(rotation)) {
          write(tokenFile);
          rotated = true;
        }
        // Were it to wait, it would wait for what is only run below.
        AwsCredentials credentials = provider.resolveCredentials();
        assertThat(credentials.expirationTime().orElseThrow()).isAfter(time.clock.instant());
        runBackground();
      }
    }
    System.out.println(
        "24 simulated hours, " + CALLS + " calls: " + agent.requests() + " requests");
    assertThat(agent.requests()).isBetween(24, 30);
    assertThat(agent.tokens().stream().distinct()).hasSize(2);
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void outlastsAnOutageOfFiveHours() throws IOException {
    cluster.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
    Path tokenFile = directory.resolve("token");
    write(tokenFile);
    try (var provider = provider(tokenFile)) {
      var first = provider.resolveIdentity(request -> {});
      runBackground();
      assertThat(first).isCompleted();
      agent.script(token -> ScriptedTransport.answer(503, ""));
      Instant end = time.clock.instant().plus(Duration.ofHours(5));
      while (time.clock.instant().isBefore(end)) {
        time.pass(Duration.ofSeconds(10));
        assertThat(provider.resolveCredentials()).isNotNull();
        runBackground();
      }
      agent.script(this::fetch);
      time.pass(Duration.ofSeconds(31));
      provider.resolveCredentials();
      runBackground();
      assertThat(provider.resolveCredentials().expirationTime().orElseThrow())
          .isAfter(end.plus(Duration.ofHours(5)));
    }
  }
}
