package dev.podidentity.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.association.CreateAssociation;
import dev.podidentity.association.Mismatch;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.TrustPolicies;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.json.StrictJson;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalClusterTest {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  private static final RoleArn ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/my-role");
  private static final RoleArn TARGET = RoleArn.parse("arn:aws:iam::444455556666:role/target");

  private final MovableClock clock = MovableClock.startingAt(Instant.parse("2026-03-01T10:00:00Z"));
  private final LocalCluster cluster = LocalCluster.builder().clock(clock).build();
  private final LocalPod pod = cluster.startPod(ACCOUNT, "checkout-1");

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void associate() {
    cluster.associations().create(ACCOUNT, ROLE);
  }

  @Test
  void givesAPodTheCredentialsOfItsRole() {
    TemporaryCredentials credentials = fetch(cluster.projectedToken(pod));

    assertThat(credentials.accountId()).isEqualTo("111122223333");
    assertThat(credentials.expiration()).isEqualTo(clock.instant().plus(Duration.ofHours(6)));
  }

  @Test
  void writesTheClaimsThatKubernetesWrites() throws Exception {
    var claims = StrictJson.readObject(payload(cluster.projectedToken(pod)));

    assertThat(claims.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "aud", "exp", "iat", "nbf", "iss", "sub", "jti", "kubernetes.io");
    assertThat(claims.get("kubernetes.io").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("namespace", "node", "pod", "serviceaccount", "warnafter");
    assertThat(claims.get("kubernetes.io").get("warnafter").longValue())
        .isEqualTo(
            clock.instant().plus(Duration.ofDays(1).multipliedBy(4).dividedBy(5)).getEpochSecond());
  }

  private static byte[] payload(String token) {
    return Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
  }

  @Test
  void givesTheCredentialsOfTheTargetRole() {
    var other = new ServiceAccountRef("shop", "report");
    cluster
        .associations()
        .create(CreateAssociation.builder(other, ROLE).targetRoleArn(TARGET).build());

    var credentials = fetch(cluster.projectedToken(cluster.startPod(other, "report-1")));

    assertThat(credentials.accountId()).isEqualTo("444455556666");
    assertThat(credentials.assumedRoleUser().orElseThrow().arn())
        .startsWith("arn:aws:sts::444455556666:assumed-role/target/eks-my-cluster-report-1-");
  }

  @Test
  void acceptsWhatAnOlderKeySignedUntilThatRetires() {
    String token = cluster.projectedToken(pod);
    cluster.rotateKeys();

    assertThat(fetch(token)).isNotNull();
    assertThat(fetch(cluster.projectedToken(pod))).isNotNull();

    cluster.retireOldKeys();

    assertThat(refusal(token)).isEqualTo(FailureReason.INVALID_TOKEN);
    assertThat(fetch(cluster.projectedToken(pod))).isNotNull();
  }

  @Test
  void theKubeletReplacesATokenWhenFourFifthsOfItsLifeAreOver() throws Exception {
    LocalKubelet kubelet = cluster.kubelet(folder);
    Path file = kubelet.mount(pod);
    String first = Files.readString(file);

    clock.advance(Duration.ofHours(24).multipliedBy(4).dividedBy(5).minusSeconds(1));
    assertThat(kubelet.sync()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(kubelet.sync()).isEqualTo(1);

    assertThat(Files.readString(file)).isNotEqualTo(first);
    assertThat(ServiceAccountToken.parse(Files.readString(file)).expiresAt())
        .isEqualTo(clock.instant().plus(Duration.ofDays(1)));
  }

  @Test
  void namesTheFolderThatATokenCannotBeWrittenTo() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> cluster.kubelet(file).mount(pod))
        .withMessageContaining("checkout-1 cannot be written below " + file + ": check that it is");
  }

  @Test
  void onlyTheOwnerMayReadATokenFile() throws Exception {
    Path file = cluster.kubelet(folder).mount(pod);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aTokenExpiresWithTheClock() {
    String token = cluster.projectedToken(pod);

    clock.advance(Duration.ofDays(1));

    assertThat(refusal(token)).isEqualTo(FailureReason.EXPIRED_TOKEN);
  }

  @Test
  void faultsComeAndGo() {
    String token = cluster.projectedToken(pod);
    var expected =
        Map.<Fault, FailureReason>of(
            new Fault.Throttle(), FailureReason.THROTTLED,
            new Fault.ServerError(), FailureReason.INTERNAL_SERVER,
            new Fault.Unavailable(), FailureReason.SERVICE_UNAVAILABLE,
            new Fault.NotYetVisible(Duration.ofSeconds(5)), FailureReason.RESOURCE_NOT_FOUND,
            new Fault.ClockSkew(Duration.ofDays(2)), FailureReason.EXPIRED_TOKEN,
            new Fault.ClockSkew(Duration.ofHours(-1)), FailureReason.INVALID_TOKEN);

    expected.forEach(
        (fault, reason) -> {
          cluster.faults().switchOn(fault);
          assertThat(refusal(token)).as(fault.toString()).isEqualTo(reason);
          cluster.faults().switchOff(fault.getClass());
          assertThat(fetch(token)).isNotNull();
        });
  }

  @Test
  void anAssociationBecomesVisibleInTime() {
    cluster.faults().switchOn(new Fault.NotYetVisible(Duration.ofSeconds(5)));
    String token = cluster.projectedToken(pod);
    assertThat(refusal(token)).isEqualTo(FailureReason.RESOURCE_NOT_FOUND);

    clock.advance(Duration.ofSeconds(5));

    assertThat(fetch(token)).isNotNull();
  }

  @Test
  void aRoleThatDoesNotTrustPodIdentityIsNotAssumed() {
    cluster.roles().trustPolicy(ROLE, "{\"Statement\":[]}");

    var refused =
        catchThrowableOfType(CredentialException.class, () -> fetch(cluster.projectedToken(pod)));
    cluster
        .roles()
        .trustPolicy(
            ROLE, TrustPolicies.forRole(cluster.associations().find(ACCOUNT).orElseThrow()));

    assertThat(refused.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
    assertThat(refused).hasMessageContaining("pods.eks.amazonaws.com");
    assertThat(fetch(cluster.projectedToken(pod))).isNotNull();
  }

  @Test
  void explainsATokenOfAPodThatNobodyAssociated() {
    LocalPod stranger = cluster.startPod(new ServiceAccountRef("shop", "checkuot"), "x");

    var explanation = cluster.explain(cluster.projectedToken(stranger));

    assertThat(explanation.mismatches())
        .hasSize(2)
        .first()
        .isInstanceOf(Mismatch.NoAssociation.class);
    assertThat(cluster.explain(cluster.projectedToken(pod)).isMatch()).isTrue();
  }

  @Test
  void aClockOverAnotherOneGoesOnAfterItIsMoved() {
    MovableClock over = MovableClock.over(clock);
    over.advance(Duration.ofHours(1));

    clock.advance(Duration.ofMinutes(1));

    assertThat(over.instant()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
  }

  private TemporaryCredentials fetch(String token) {
    return cluster.credentials().fetch(ServiceAccountToken.parse(token));
  }

  private FailureReason refusal(String token) {
    return catchThrowableOfType(CredentialException.class, () -> fetch(token)).reason();
  }
}
