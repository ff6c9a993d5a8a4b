package dev.podidentity.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class OpenFilesTest {
  @Test
  void leavesAQuarterOfTheFilesToEverythingElse() {
    assertThat(
            connections(
                "Max open files            1024                 4096                 files"))
        .isEqualTo(768);
  }

  @Test
  void needsNoMoreConnectionsThanANodeHas() {
    assertThat(
            connections(
                "Max open files            1048576              1048576              files"))
        .isEqualTo(16_384);
    assertThat(
            connections(
                "Max open files            unlimited            unlimited            files"))
        .isEqualTo(16_384);
  }

  @Test
  void isCarefulWhereTheLimitIsNotTold() {
    assertThat(connections("Max processes  5  5  processes")).isEqualTo(3072);
  }

  private static int connections(String line) {
    return OpenFiles.parse(List.of("Limit   Soft Limit   Hard Limit   Units", line)).connections(1);
  }
}
