package dev.podidentity.local;

import static java.util.Objects.requireNonNull;

import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.ClusterArn;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a cluster. Not thread-safe. */
public final class LocalClusterBuilder {
  private String name = "my-cluster";
  private String region = "us-west-2";
  private String accountId = "111122223333";
  private @Nullable AssociationStore associations;
  String issuer = LocalCluster.DEFAULT_ISSUER;
  Clock clock = Clock.systemUTC();
  Duration credentialLifetime = LocalCluster.DEFAULT_CREDENTIAL_LIFETIME;

  LocalClusterBuilder() {}

  /** Sets the name; {@code my-cluster} if not set. */
  public LocalClusterBuilder name(String name) {
    this.name = requireNonNull(name, "name");
    return this;
  }

  /** Sets the AWS region that ARNs name; {@code us-west-2} if not set. */
  public LocalClusterBuilder region(String region) {
    this.region = requireNonNull(region, "region");
    return this;
  }

  /** Sets the AWS account that the cluster is in; {@code 111122223333} if not set. */
  public LocalClusterBuilder accountId(String accountId) {
    this.accountId = requireNonNull(accountId, "accountId");
    return this;
  }

  /**
   * Sets where the associations are, and with it the cluster's name, region and account; in memory
   * if not set. The store stays its owner's to close.
   */
  public LocalClusterBuilder associations(AssociationStore associations) {
    this.associations = requireNonNull(associations, "associations");
    return this;
  }

  /** Sets what the API server calls itself in tokens. */
  public LocalClusterBuilder issuer(String issuer) {
    this.issuer = requireNonNull(issuer, "issuer");
    return this;
  }

  /** Sets the time that tokens and credentials are made at; the system's if not set. */
  public LocalClusterBuilder clock(Clock clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Sets how long credentials live; 6 hours if not set.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public LocalClusterBuilder credentialLifetime(Duration lifetime) {
    if (lifetime.isZero() || lifetime.isNegative()) {
      throw new IllegalArgumentException("credentials live longer than " + lifetime);
    }
    this.credentialLifetime = lifetime;
    return this;
  }

  AssociationStore store() {
    return associations != null
        ? associations
        : AssociationStore.builder(ClusterArn.of(region, accountId, name)).clock(clock).inMemory();
  }

  /**
   * The cluster; makes an RSA key, which takes a moment.
   *
   * @throws IllegalArgumentException if name, region or account break their rules
   */
  public LocalCluster build() {
    return new LocalCluster(this);
  }
}
