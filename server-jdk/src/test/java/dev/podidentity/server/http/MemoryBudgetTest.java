package dev.podidentity.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class MemoryBudgetTest {
  private static final long MIB = 1L << 20;

  @Test
  void letsInWhatFits() {
    var image = new MemoryBudget(64 * MIB, Long.MAX_VALUE, true);

    assertThat(image.connections(2048, 1)).isEqualTo(128);
    assertThat(image.requests(1024)).isEqualTo(409);
  }

  @Test
  void letsInNoMoreThreadsThanFitBesideTheHeap() {
    assertThat(new MemoryBudget(64 * MIB, 100 * MIB, true).requests(4096)).isEqualTo(182);
    assertThat(new MemoryBudget(64 * MIB, 100 * MIB, false).requests(4096)).isEqualTo(256);
  }

  @Test
  void letsInNoMoreThanIsEnough() {
    var large = new MemoryBudget(16 * 1024 * MIB, Long.MAX_VALUE, true);

    assertThat(large.connections(2048, 1)).isEqualTo(2048);
    assertThat(large.requests(4096)).isEqualTo(4096);
  }

  @Test
  void letsInWhatANodesPodsNeed() {
    var tiny = new MemoryBudget(8 * MIB, 8 * MIB, true);

    assertThat(tiny.connections(2048, 1)).isEqualTo(128);
    assertThat(tiny.requests(1024)).isEqualTo(128);
  }

  @Test
  void dividesSilentConnectionsByTheNumberOfListeners() {
    var image = new MemoryBudget(64 * MIB, Long.MAX_VALUE, true);

    assertThat(image.silentConnections(2)).isEqualTo(12_052);
    assertThat(image.silentConnections(3)).isEqualTo(8_035);
  }

  @Test
  void dividesKeptConnectionsByTheNumberOfListeners() {
    assertThat(new MemoryBudget(512 * MIB, Long.MAX_VALUE, true).connections(2048, 4))
        .isEqualTo(256);
  }

  @Test
  void readsTheLimitOfAContainer() {
    assertThat(ContainerMemory.parse("201326592\n")).isEqualTo(192 * MIB);
    assertThat(ContainerMemory.parse("max\n")).isEqualTo(Long.MAX_VALUE);
    assertThat(ContainerMemory.parse("9223372036854771712\n")).isEqualTo(Long.MAX_VALUE);
  }
}
