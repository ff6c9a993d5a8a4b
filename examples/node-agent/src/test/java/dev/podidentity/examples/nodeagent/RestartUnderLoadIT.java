package dev.podidentity.examples.nodeagent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.RoleArn;
import dev.podidentity.awssdk.PodIdentityCredentialsProvider;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;

/**
 * Applications that start all the time, each with a credentials provider of its own, while the
 * agent is restarted again and again. {@code -Drestarts} and {@code -Drestart.seconds} make it as
 * long as it is to be: docs/reliability.md has the command.
 */
class RestartUnderLoadIT {
  private static final int RESTARTS = Integer.getInteger("restarts", 2);
  private static final int SECONDS_BETWEEN = Integer.getInteger("restart.seconds", 1);
  private static final int CLIENTS = 4;
  private static final int PAUSE_MILLIS = 100;
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");

  /** Not where clients connect from: one of them could have the agent's port while it is away. */
  private static final String ADDRESS = "127.0.0.23";

  @TempDir private Path folder = Path.of("");

  private final int port = NodeAgentJar.freePort();
  private @Nullable RunningAgent agent;
  private final Fetches ours = new Fetches();
  private final Fetches theirs = new Fetches();

  RestartUnderLoadIT() throws IOException {}

  @Test
  void isNotNoticedByClientsWithOurProvider() throws Exception {
    URI uri = URI.create("http://" + ADDRESS + ":" + port + "/v1/credentials");
    try (var eks = LocalEks.start()) {
      Path token = token(eks);
      ScheduledExecutorService clients = Executors.newScheduledThreadPool(2 * CLIENTS);
      try {
        start(eks);
        repeat(clients, () -> ours.count(() -> askWithOurs(uri, token)));
        pointTheAwsSdkAt(uri, token);
        repeat(clients, () -> theirs.count(RestartUnderLoadIT::askWithTheirs));
        for (int restarts = 0; restarts < RESTARTS; restarts++) {
          serve();
          stop();
          start(eks);
        }
        serve();
        clients.shutdown();
        assertThat(clients.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      } finally {
        clients.shutdownNow();
        pointTheAwsSdkAtNothing();
      }
    }
    report();
    assertThat(ours.failures()).isEmpty();
    assertThat(ours.succeeded()).isGreaterThan(RESTARTS);
  }

  private void report() {
    System.out.println("Java " + Runtime.version().feature() + ", " + RESTARTS + " restarts");
    System.out.println("PodIdentityCredentialsProvider: " + ours);
    System.out.println("ContainerCredentialsProvider: " + theirs);
    theirs.failures().stream().distinct().limit(CLIENTS).forEach(System.out::println);
  }

  private static void repeat(ScheduledExecutorService clients, Runnable fetch) {
    for (int client = 0; client < CLIENTS; client++) {
      var unused = clients.scheduleWithFixedDelay(fetch, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private Path token(LocalEks eks) throws IOException {
    eks.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/shop"));
    var pod = eks.cluster().startPod(ACCOUNT, "checkout-1");
    return Files.writeString(folder.resolve("token"), eks.cluster().projectedToken(pod));
  }

  private void start(LocalEks eks) throws Exception {
    agent =
        RunningAgent.start(
            List.of("AWS_ACCESS_KEY_ID=AKIA0LOCAL0NODE00000", "AWS_SECRET_ACCESS_KEY=local"),
            new InetSocketAddress(ADDRESS, port),
            List.of(
                "-c=my-cluster",
                "-b=" + ADDRESS,
                "-p=" + port,
                "--probe-port=0",
                "--metrics-address=127.0.0.1",
                "--metrics-port=0",
                "--endpoint=" + eks.endpoint()));
  }

  private void serve() throws InterruptedException {
    requireNonNull(agent).staysUpFor(SECONDS_BETWEEN);
  }

  @AfterEach
  void stop() {
    if (agent != null) {
      agent.close();
    }
  }

  private static void askWithOurs(URI uri, Path token) {
    try (var provider =
        PodIdentityCredentialsProvider.builder().endpoint(uri).tokenFile(token).build()) {
      provider.resolveCredentials();
    }
  }

  // It reads the environment, which a JVM cannot set for itself, or these properties.
  private static void pointTheAwsSdkAt(URI uri, Path token) {
    System.setProperty(
        SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property(), uri.toString());
    System.setProperty(
        SdkSystemSetting.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.property(), token.toString());
  }

  private static void pointTheAwsSdkAtNothing() {
    System.clearProperty(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property());
    System.clearProperty(SdkSystemSetting.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.property());
  }

  private static void askWithTheirs() {
    try (var provider = ContainerCredentialsProvider.create()) {
      provider.resolveCredentials();
    }
  }
}
