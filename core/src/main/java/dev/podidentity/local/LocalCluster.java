package dev.podidentity.local;

import dev.podidentity.association.AssociationCredentialSource;
import dev.podidentity.association.AssociationExplainer;
import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.Explanation;
import dev.podidentity.association.RoleCredentialIssuer;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.UUID;

/**
 * A Kubernetes cluster as far as pod identity sees it: signing keys that rotate, pods with
 * projected tokens, associations, roles, faults, and credentials that look like AWS' and open
 * nothing. Thread-safe.
 */
public final class LocalCluster {
  /** What the API server calls itself in tokens where nothing else was configured. */
  public static final String DEFAULT_ISSUER = "https://kubernetes.default.svc.cluster.local";

  /** How long EKS lets projected tokens live. */
  public static final Duration TOKEN_LIFETIME = Duration.ofDays(1);

  /** How long EKS Auth's credentials live. */
  public static final Duration DEFAULT_CREDENTIAL_LIFETIME = Duration.ofHours(6);

  /** The node that pods run on where none is named. */
  public static final String DEFAULT_NODE = "ip-10-0-0-1.ec2.internal";

  private final Clock clock;
  private final String issuer;
  private final AssociationStore associations;
  private final SigningKeys keys = new SigningKeys();
  private final ServiceAccountSigner signer;
  private final LocalRoles roles = new LocalRoles();
  private final Faults faults = new Faults();
  private final TokenVerifier verifier;
  private final CredentialSource credentials;

  LocalCluster(LocalClusterBuilder builder) {
    clock = builder.clock;
    issuer = builder.issuer;
    associations = builder.store();
    signer = new ServiceAccountSigner(issuer, keys);
    verifier = TokenVerifier.jwks(issuer, keys::published, eksAuthClock(), Duration.ZERO);
    credentials =
        new FaultyCredentialSource(
            AssociationCredentialSource.of(
                verifier,
                associations,
                roles.guard(RoleCredentialIssuer.synthetic(clock, builder.credentialLifetime))),
            associations,
            faults,
            clock);
  }

  /** Starts a cluster. */
  public static LocalClusterBuilder builder() {
    return new LocalClusterBuilder();
  }

  private Clock eksAuthClock() {
    InstantSource skewed =
        () ->
            faults
                .find(Fault.ClockSkew.class)
                .map(fault -> clock.instant().plus(fault.skew()))
                .orElseGet(clock::instant);
    return skewed.withZone(ZoneOffset.UTC);
  }

  /** The cluster's name. */
  public String name() {
    return associations.cluster().name();
  }

  /** The {@code iss} claim of the cluster's tokens. */
  public String issuer() {
    return issuer;
  }

  /** The cluster's clock. */
  public Clock clock() {
    return clock;
  }

  /** The cluster's associations. */
  public AssociationStore associations() {
    return associations;
  }

  /** The roles that associations name. */
  public LocalRoles roles() {
    return roles;
  }

  /** What goes wrong at present; nothing, to begin with. */
  public Faults faults() {
    return faults;
  }

  /** What EKS Auth does for this cluster: verified tokens in, credentials or faults out. */
  public CredentialSource credentials() {
    return credentials;
  }

  /** Which association a token leads to, or why to none. */
  public Explanation explain(String token) {
    return AssociationExplainer.of(associations, verifier, eksAuthClock()).explain(token);
  }

  /** The public signing keys, as the API server serves them at {@code /openid/v1/jwks}. */
  public String jwks() {
    return keys.published();
  }

  /** Signs with a new key from now on; what was signed before stays good. */
  public void rotateKeys() {
    keys.rotate();
  }

  /** Publishes the newest key alone: tokens that an older one signed are no longer good. */
  public void retireOldKeys() {
    keys.retireOld();
  }

  /** A new pod of a service account, on {@link #DEFAULT_NODE}. */
  public LocalPod startPod(ServiceAccountRef serviceAccount, String podName) {
    return startPod(serviceAccount, podName, DEFAULT_NODE);
  }

  /** A new pod of a service account, on the node of this name. */
  public LocalPod startPod(ServiceAccountRef serviceAccount, String podName, String nodeName) {
    return new LocalPod(
        serviceAccount,
        uidOf(serviceAccount),
        new PodRef(podName, UUID.randomUUID().toString()),
        nodeName,
        uidOf("node/" + nodeName));
  }

  /** A new token as the kubelet asks it for a pod, valid from now for 24 hours. */
  public String projectedToken(LocalPod pod) {
    return signer.sign(
        pod.serviceAccount(), pod.serviceAccountUid(), pod, clock.instant(), TOKEN_LIFETIME);
  }

  /** A token of a service account that is bound to no pod, as {@code kubectl create token} asks. */
  public String unboundToken(ServiceAccountRef serviceAccount) {
    return signer.sign(
        serviceAccount, uidOf(serviceAccount), null, clock.instant(), TOKEN_LIFETIME);
  }

  /** A kubelet that keeps the tokens of pods in files below a folder. */
  public LocalKubelet kubelet(Path folder) {
    return new LocalKubelet(this, clock, folder);
  }

  private String uidOf(ServiceAccountRef serviceAccount) {
    return uidOf("serviceaccount/" + serviceAccount);
  }

  private String uidOf(String object) {
    return UUID.nameUUIDFromBytes((name() + "/" + object).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
