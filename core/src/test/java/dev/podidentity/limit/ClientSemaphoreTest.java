package dev.podidentity.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.credential.ClientKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientSemaphoreTest {
  private static final ClientKey NOISY = address(1);
  private static final ClientKey QUIET = address(2);

  private final ClientSemaphore<ClientKey> semaphore = new ClientSemaphore<>(4, 2, ClientKey.AGENT);

  private static ClientKey address(int last) {
    return ClientKey.at(IpLiteral.parse("192.0.2." + last).orElseThrow());
  }

  @Test
  void leavesPermitsForOtherClients() {
    assertThat(semaphore.tryAcquire(NOISY)).isNotNull();
    assertThat(semaphore.tryAcquire(NOISY)).isNotNull();

    assertThat(semaphore.tryAcquire(NOISY)).isNull();
    assertThat(semaphore.taken()).isEqualTo(2);
    assertThat(semaphore.tryAcquire(QUIET)).isNotNull();
  }

  @Test
  void givesTheAgentItselfAllThatAreLeft() {
    for (int i = 0; i < 4; i++) {
      assertThat(semaphore.tryAcquire(ClientKey.AGENT)).isNotNull();
    }

    assertThat(semaphore.tryAcquire(ClientKey.AGENT)).isNull();
  }

  @Test
  void hasAllPermitsAgainOnceTheyAreClosedHoweverManyClientsThereWere() {
    for (int round = 0; round < 50; round++) {
      List<Permit> taken = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Permit permit = semaphore.tryAcquire(address(10 + (round * 4 + i) % 200));
        assertThat(permit).isNotNull();
        taken.add(permit);
      }
      taken.forEach(Permit::close);
    }

    assertThat(semaphore.taken()).isZero();
  }
}
