package dev.podidentity.server.local;

import static java.util.Objects.requireNonNull;

import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a local EKS. Not thread-safe. */
public final class LocalEksBuilder {
  private static final String DEFAULT_ACCOUNT = "111122223333";

  private @Nullable LocalCluster cluster;
  private String clusterName = "my-cluster";
  private String region = "us-west-2";
  private @Nullable Path dataDir;
  private Duration credentialLifetime = LocalCluster.DEFAULT_CREDENTIAL_LIFETIME;
  final Map<String, String> secretByKeyId = new LinkedHashMap<>();
  int port;

  LocalEksBuilder() {}

  /**
   * Sets the cluster that is served, which stays its owner's; then the settings of a cluster here
   * do nothing. If not set, one is made, with a clock that can be moved.
   */
  public LocalEksBuilder cluster(LocalCluster cluster) {
    this.cluster = requireNonNull(cluster, "cluster");
    return this;
  }

  /** Sets the name of the cluster; {@code my-cluster} if not set. */
  public LocalEksBuilder clusterName(String clusterName) {
    this.clusterName = requireNonNull(clusterName, "clusterName");
    return this;
  }

  /** Sets the AWS region that ARNs name; {@code us-west-2} if not set. */
  public LocalEksBuilder region(String region) {
    this.region = requireNonNull(region, "region");
    return this;
  }

  /** Sets the folder that the associations are kept in; in memory if not set. */
  public LocalEksBuilder dataDir(@Nullable Path dataDir) {
    this.dataDir = dataDir;
    return this;
  }

  /** Sets how long credentials live; 6 hours if not set. */
  public LocalEksBuilder credentialLifetime(Duration credentialLifetime) {
    this.credentialLifetime = requireNonNull(credentialLifetime, "credentialLifetime");
    return this;
  }

  /**
   * Takes an access key, and from then on only requests that are signed with one that was taken. If
   * none is, signatures are read and not verified.
   */
  public LocalEksBuilder accessKey(String accessKeyId, String secretAccessKey) {
    secretByKeyId.put(
        requireNonNull(accessKeyId, "accessKeyId"),
        requireNonNull(secretAccessKey, "secretAccessKey"));
    return this;
  }

  /** Sets the port of {@code 127.0.0.1}; 0, for a free one, if not set. */
  public LocalEksBuilder port(int port) {
    this.port = port;
    return this;
  }

  /**
   * Starts serving.
   *
   * @throws IOException if the port cannot be listened on, or the data folder not be used
   * @throws IllegalArgumentException if the cluster's settings break their rules
   */
  public LocalEks start() throws IOException {
    if (cluster != null) {
      return LocalEks.start(this, cluster, null);
    }
    var clock = MovableClock.over(Clock.systemUTC());
    var arn = ClusterArn.of(region, DEFAULT_ACCOUNT, clusterName);
    AssociationStore store = store(arn, clock);
    boolean started = false;
    try {
      LocalEks eks =
          LocalEks.start(
              this,
              LocalCluster.builder()
                  .associations(store)
                  .clock(clock)
                  .credentialLifetime(credentialLifetime)
                  .build(),
              store);
      started = true;
      return eks;
    } finally {
      if (!started) {
        store.close();
      }
    }
  }

  private AssociationStore store(ClusterArn arn, Clock clock) throws IOException {
    var settings = AssociationStore.builder(arn).clock(clock);
    return dataDir == null
        ? settings.inMemory()
        : settings.file(dataDir.resolve(clusterName + ".associations.jsonl"));
  }
}
