package dev.podidentity.local;

import static java.util.Objects.requireNonNull;

import dev.podidentity.association.AssociationStore;
import dev.podidentity.credential.AssociationCredentialSource;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.RoleCredentialIssuer;
import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/**
 * A Kubernetes cluster as far as pod identity sees it, in memory: a signing key, pods with
 * projected tokens, associations, and credentials that look like AWS' and open nothing.
 * Thread-safe.
 */
public final class LocalCluster {
  /** What the API server calls itself in tokens where nothing else was configured. */
  public static final String DEFAULT_ISSUER = "https://kubernetes.default.svc.cluster.local";

  /** How long EKS lets projected tokens live. */
  public static final Duration TOKEN_LIFETIME = Duration.ofDays(1);

  /** How long EKS Auth's credentials live. */
  public static final Duration DEFAULT_CREDENTIAL_LIFETIME = Duration.ofHours(6);

  private final String name;
  private final Clock clock;
  private final AssociationStore associations;
  private final ServiceAccountSigner signer;
  private final CredentialSource credentials;

  private LocalCluster(Builder builder) {
    name = builder.name;
    clock = builder.clock;
    associations = AssociationStore.inMemory(builder.region);
    signer = new ServiceAccountSigner(DEFAULT_ISSUER);
    credentials =
        AssociationCredentialSource.of(
            name,
            TokenVerifier.jwks(DEFAULT_ISSUER, signer::publicKeys, clock, Duration.ZERO),
            associations,
            RoleCredentialIssuer.synthetic(clock, builder.credentialLifetime));
  }

  /** Starts a cluster. */
  public static Builder builder() {
    return new Builder();
  }

  /** The cluster's name. */
  public String name() {
    return name;
  }

  /** The cluster's associations. */
  public AssociationStore associations() {
    return associations;
  }

  /** What EKS Auth does for this cluster: verified tokens in, credentials out. */
  public CredentialSource credentials() {
    return credentials;
  }

  /** The public signing keys, as the API server serves them at {@code /openid/v1/jwks}. */
  public String jwks() {
    return signer.publicKeys();
  }

  /** A new pod of a service account. */
  public LocalPod startPod(ServiceAccountRef serviceAccount, String podName) {
    String serviceAccountUid = uidOf("serviceaccount/" + serviceAccount);
    String nodeName = "ip-10-0-0-1.ec2.internal";
    return new LocalPod(
        serviceAccount,
        serviceAccountUid,
        new PodRef(podName, UUID.randomUUID().toString()),
        nodeName,
        uidOf("node/" + nodeName));
  }

  /** A token as the kubelet projects it into a pod, valid from now for 24 hours. */
  public String projectedToken(LocalPod pod) {
    return signer.sign(pod, clock.instant(), TOKEN_LIFETIME);
  }

  private String uidOf(String object) {
    return UUID.nameUUIDFromBytes((name + "/" + object).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  /** Collects the settings of a cluster. Not thread-safe. */
  public static final class Builder {
    private String name = "my-cluster";
    private String region = "us-west-2";
    private Clock clock = Clock.systemUTC();
    private Duration credentialLifetime = DEFAULT_CREDENTIAL_LIFETIME;

    private Builder() {}

    /** Sets the name; {@code my-cluster} if not set. */
    public Builder name(String name) {
      this.name = requireNonNull(name, "name");
      return this;
    }

    /** Sets the AWS region that ARNs name; {@code us-west-2} if not set. */
    public Builder region(String region) {
      this.region = requireNonNull(region, "region");
      return this;
    }

    /** Sets the time that tokens and credentials are made at; the system's if not set. */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Sets how long credentials live; 6 hours if not set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder credentialLifetime(Duration lifetime) {
      if (lifetime.isZero() || lifetime.isNegative()) {
        throw new IllegalArgumentException("credentials live longer than " + lifetime);
      }
      this.credentialLifetime = lifetime;
      return this;
    }

    /** The cluster; makes an RSA key, which takes a moment. */
    public LocalCluster build() {
      return new LocalCluster(this);
    }
  }
}
