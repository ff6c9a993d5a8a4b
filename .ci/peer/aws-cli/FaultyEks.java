import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.association.RoleArn;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.local.Fault;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountToken;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A local EKS that verifies signatures, has room for two associations, and fails as the lines on
 * its standard input say. It prints its endpoint, and "ok" after each line.
 */
final class FaultyEks {
  private static final int MAX_ASSOCIATIONS = 2;

  /** Agents start and stop when it is open. */
  private static volatile CountDownLatch gate = new CountDownLatch(0);

  private FaultyEks() {}

  public static void main(String[] args) throws Exception {
    var arn = ClusterArn.of("us-west-2", "111122223333", "my-cluster");
    var cluster =
        LocalCluster.builder()
            .clock(MovableClock.over(Clock.systemUTC()))
            .associations(
                AssociationStore.builder(arn).maxAssociations(MAX_ASSOCIATIONS).inMemory())
            .build();
    var settings = LocalEks.builder().cluster(cluster).withoutAgents();
    settings.accessKey(System.getenv("AWS_ACCESS_KEY_ID"), System.getenv("AWS_SECRET_ACCESS_KEY"));
    settings.agentSource((owner, endpoint, agent) -> GatedSource.open(owner.credentials()));
    try (LocalEks eks = settings.start()) {
      System.out.println(eks.endpoint());
      var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        follow(eks, line.split(" ", 2));
        System.out.println("ok");
      }
    }
  }

  private static void follow(LocalEks eks, String[] words) {
    switch (words[0]) {
      case "throttle" -> eks.faults().switchOn(new Fault.Throttle());
      case "fail" -> eks.faults().switchOn(new Fault.ServerError());
      case "unavailable" -> eks.faults().switchOn(new Fault.Unavailable());
      case "heal" -> eks.faults().clear();
      case "hold-agents" -> gate = new CountDownLatch(1);
      case "release-agents" -> gate.countDown();
      case "distrust" ->
          eks.cluster().roles().trustPolicy(RoleArn.parse(words[1]), "{\"Statement\":[]}");
      case "hours" -> eks.moveTime(Duration.ofHours(Long.parseLong(words[1])));
      default -> throw new IllegalArgumentException("no such command: " + words[0]);
    }
  }

  /** A source whose agent cannot start or stop while the gate is shut. */
  private record GatedSource(CredentialSource source) implements CredentialSource, AutoCloseable {
    static GatedSource open(CredentialSource source) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new GatedSource(source);
    }

    @Override
    public TemporaryCredentials fetch(ServiceAccountToken token) {
      return source.fetch(token);
    }

    @Override
    public void close() throws InterruptedException {
      gate.await();
    }
  }
}
