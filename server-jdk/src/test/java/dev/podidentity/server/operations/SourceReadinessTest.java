package dev.podidentity.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.RoleArn;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SourceReadinessTest {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("default", "my-app");

  private final MovableClock clock = MovableClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final SourceReadiness readiness =
      SourceReadiness.of(
          () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()), SourceReadiness.DEFAULT_PATIENCE);
  private final ServiceAccountToken token = token();

  private ServiceAccountToken token() {
    var cluster = LocalCluster.builder().clock(clock).build();
    cluster.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/r"));
    return ServiceAccountToken.parse(cluster.projectedToken(cluster.startPod(ACCOUNT, "my-pod")));
  }

  @Test
  void isReadyBeforeAnythingWasAsked() {
    assertThat(readiness.check().isOk()).isTrue();
  }

  @Test
  void isPatientWithAShortOutage() {
    failFor(Duration.ofMinutes(4), FailureReason.UNREACHABLE);

    assertThat(readiness.check().isOk()).isTrue();
  }

  @Test
  void isNotReadyAfterALongOutageAndSaysWhy() {
    failFor(Duration.ofMinutes(6), FailureReason.UNREACHABLE);

    assertThat(readiness.check().isOk()).isFalse();
    assertThat(readiness.check().reason()).contains("UpstreamUnreachableException");
  }

  @Test
  void saysWhereTheWayToTheSourceEnds() {
    var failure =
        new CredentialException(FailureReason.UNREACHABLE, "for a pod")
            .withDetail("the node has no route to it");
    readiness.callFailed(token, failure);
    failFor(Duration.ofMinutes(6), FailureReason.UNREACHABLE);

    assertThat(readiness.check().reason())
        .endsWith("UpstreamUnreachableException, since the node has no route to it")
        .doesNotContain("for a pod");
  }

  @Test
  void isReadyAgainWithTheFirstSuccess() {
    failFor(Duration.ofMinutes(6), FailureReason.TIMED_OUT);
    call(null);

    assertThat(readiness.check().isOk()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureReason.class,
      names = {"ACCESS_DENIED", "RESOURCE_NOT_FOUND", "EXPIRED_TOKEN", "INVALID_TOKEN"})
  void takesARefusalForAnAnswer(FailureReason refusal) {
    failFor(Duration.ofMinutes(6), FailureReason.TIMED_OUT);
    call(refusal);

    assertThat(readiness.check().isOk()).isTrue();
  }

  @Test
  void doesNotHoldAnOldOutageAgainstASourceThatNobodyAsks() {
    failFor(Duration.ofMinutes(6), FailureReason.TIMED_OUT);
    clock.advance(Duration.ofMinutes(5));

    assertThat(readiness.check().isOk()).isTrue();
  }

  private void failFor(Duration time, FailureReason reason) {
    for (long minute = 0; minute <= time.toMinutes(); minute++) {
      call(reason);
      clock.advance(Duration.ofMinutes(minute == time.toMinutes() ? 0 : 1));
    }
  }

  private void call(@Nullable FailureReason failure) {
    readiness.called(token, Duration.ofMillis(10), failure);
  }
}
