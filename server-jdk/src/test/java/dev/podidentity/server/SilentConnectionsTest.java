package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A connection on which nothing is sent takes the place of one on which a pod would ask. */
@Tag("every-jdk")
class SilentConnectionsTest {
  /** With the JDK's own properties it would be 30 to 40 s. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  @Test
  void areClosedEarly() throws Exception {
    try (var agent = AgentFixture.withLocalCredentials();
        var silent = RawHttp.connect(agent.ipv4())) {
      long start = System.nanoTime();

      assertThat(silent.isAtItsEnd()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
    }
  }
}
