package dev.podidentity.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.server.http.InFlight.Entrance;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class InFlightTest {
  private static final InetAddress NOISY = IpLiteral.parse("192.0.2.1").orElseThrow();
  private static final InetAddress QUIET = IpLiteral.parse("192.0.2.2").orElseThrow();

  private final InFlight inFlight = new InFlight(2);

  @Test
  void leavesRoomForOtherAddresses() {
    inFlight.enter(NOISY);
    inFlight.enter(NOISY);

    assertThat(inFlight.enter(NOISY)).isEqualTo(Entrance.CROWDED);
    assertThat(inFlight.enter(QUIET)).isEqualTo(Entrance.ADMITTED);
  }

  @Test
  void admitsAnAddressAgainWhenOneOfItsRequestsIsAnswered() {
    inFlight.enter(NOISY);
    inFlight.enter(NOISY);
    inFlight.leave(NOISY);

    assertThat(inFlight.enter(NOISY)).isEqualTo(Entrance.ADMITTED);
  }

  @Test
  void admitsNobodyOnceItDrains() {
    inFlight.drain(Duration.ZERO);

    assertThat(inFlight.enter(QUIET)).isEqualTo(Entrance.CLOSED);
  }
}
