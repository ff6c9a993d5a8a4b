package dev.podidentity.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.FailureReason.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureReasonTest {
  private static List<FailureReason> those(Predicate<FailureReason> fact) {
    return Arrays.stream(FailureReason.values()).filter(fact).toList();
  }

  @Test
  void hasCodesThatDiffer() {
    assertThat(FailureReason.values()).extracting(FailureReason::code).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(FailureReason.class)
  void hasAStatusThatTellsWhetherTryingAgainHelps(FailureReason reason) {
    assertThat(reason.httpStatus() >= 500 || reason.httpStatus() == 429)
        .isEqualTo(reason.retryable());
  }

  @Test
  void endsRenewalsForWhatTheSourceRefusesForThePod() {
    assertThat(those(FailureReason::endsRenewals))
        .containsExactly(
            FailureReason.ACCESS_DENIED,
            FailureReason.EXPIRED_TOKEN,
            FailureReason.INVALID_TOKEN,
            FailureReason.RESOURCE_NOT_FOUND);
  }

  @Test
  void countsAgainstAClientWhatItsTokensCost() {
    assertThat(those(FailureReason::countsAgainstClient))
        .containsExactly(
            FailureReason.INVALID_PARAMETER,
            FailureReason.INVALID_REQUEST,
            FailureReason.INVALID_TOKEN,
            FailureReason.THROTTLED);
  }

  @Test
  void closesConnectionsOfWhatNoSdkSends() {
    assertThat(those(FailureReason::isMisuse))
        .containsExactly(
            FailureReason.INVALID_REQUEST,
            FailureReason.HOST_NOT_ALLOWED,
            FailureReason.TOO_MANY_REQUESTS);
  }

  @Test
  void leavesAPodsOwnFaultsAndNormalOperationToItsOwner() {
    assertThat(those(reason -> !reason.concernsOperator()))
        .containsExactly(
            FailureReason.EXPIRED_TOKEN,
            FailureReason.INVALID_REQUEST,
            FailureReason.INVALID_TOKEN,
            FailureReason.HOST_NOT_ALLOWED,
            FailureReason.MISSING_TOKEN,
            FailureReason.PENDING,
            FailureReason.TOO_MANY_REQUESTS,
            FailureReason.CLOSED);
  }

  @Test
  void knowsWhichFailuresAreTheSources() {
    assertThat(those(reason -> reason.fault() == Fault.SOURCE))
        .containsExactly(
            FailureReason.INTERNAL_SERVER,
            FailureReason.SERVICE_UNAVAILABLE,
            FailureReason.THROTTLED,
            FailureReason.TIMED_OUT,
            FailureReason.UNREACHABLE,
            FailureReason.INVALID_ANSWER,
            FailureReason.WRONG_ENDPOINT,
            FailureReason.UNEXPECTED);
  }
}
