package dev.podidentity.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class HeapBudgetTest {
  private static final long MIB = 1L << 20;

  @Test
  void letsInWhatFits() {
    var image = new HeapBudget(64 * MIB);

    assertThat(image.connections(2048)).isEqualTo(128);
    assertThat(image.requests(1024)).isEqualTo(409);
  }

  @Test
  void letsInNoMoreThanIsEnough() {
    var large = new HeapBudget(16 * 1024 * MIB);

    assertThat(large.connections(2048)).isEqualTo(2048);
    assertThat(large.requests(4096)).isEqualTo(4096);
  }

  @Test
  void letsInWhatANodesPodsNeed() {
    var tiny = new HeapBudget(8 * MIB);

    assertThat(tiny.connections(2048)).isEqualTo(128);
    assertThat(tiny.requests(1024)).isEqualTo(128);
  }
}
