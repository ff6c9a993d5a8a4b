package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.client.AgentFailure;
import dev.podidentity.pod.PodFailureReason;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

class PodIdentityExceptionTest {
  @Test
  void keepsItsTypeWhenTheSdkCountsAttempts() {
    var original =
        new PodIdentityException(
            AgentFailure.lasting(PodFailureReason.NO_ASSOCIATION, "There is none", "create one"));
    SdkException copy = original.toBuilder().numAttempts(3).build();

    assertThat(copy)
        .isInstanceOf(PodIdentityException.class)
        .isInstanceOf(SdkClientException.class);
    assertThat(((PodIdentityException) copy).reason()).isEqualTo(PodFailureReason.NO_ASSOCIATION);
    assertThat(copy).hasMessageContaining(original.getMessage()).hasMessageContaining("3");
  }
}
