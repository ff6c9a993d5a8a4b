package dev.podidentity.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaitingRequestsTest {
  private static final Runnable FIRST = new Thread();
  private static final Runnable SECOND = new Thread();
  private static final Runnable THIRD = new Thread();

  private final WaitingRequests waiting = new WaitingRequests();

  @Test
  void givesNothingWhereNothingWaits() {
    assertThat(waiting.poll(0)).isNull();
  }

  @Test
  void givesTheFirstFirst() {
    waiting.add(FIRST, 0);
    waiting.add(SECOND, 1);
    waiting.add(THIRD, 2);

    assertThat(waiting.poll(WaitingRequests.LONG - 1)).isSameAs(FIRST);
    assertThat(waiting.poll(WaitingRequests.LONG)).isSameAs(SECOND);
    assertThat(waiting.size()).isEqualTo(1);
  }

  @Test
  void givesTheNewestAndTheFirstInTurnOnceTheFirstHasWaitedForLong() {
    waiting.add(FIRST, 0);
    waiting.add(SECOND, 1);
    waiting.add(THIRD, 2);

    assertThat(waiting.poll(WaitingRequests.LONG)).isSameAs(THIRD);
    assertThat(waiting.poll(WaitingRequests.LONG)).isSameAs(FIRST);
    assertThat(waiting.poll(WaitingRequests.LONG + 1)).isSameAs(SECOND);
    assertThat(waiting.isEmpty()).isTrue();
  }
}
