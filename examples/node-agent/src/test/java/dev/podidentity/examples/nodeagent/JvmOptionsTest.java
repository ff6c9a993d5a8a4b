package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code image/java.options} does to the agent's JVM. */
@Tag("every-jdk")
class JvmOptionsTest {
  /** What a JVM ends with that was told to exit when it is out of memory. */
  private static final int OUT_OF_MEMORY = 3;

  @Test
  void endTheProcessWhenOneOfItsThreadsIsOutOfMemory() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("image", "java.options"),
                "-cp",
                System.getProperty("java.class.path"),
                Hungry.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();

    assertThat(process.waitFor()).isEqualTo(OUT_OF_MEMORY);
  }

  /** Has a thread fill the heap, and ends well when that thread has ended. */
  static final class Hungry {
    private Hungry() {}

    public static void main(String[] args) throws InterruptedException {
      var thread = new Thread(Hungry::fillTheHeap);
      thread.start();
      thread.join();
    }

    private static void fillTheHeap() {
      var held = new ArrayList<byte[]>();
      while (held.size() < Integer.MAX_VALUE) {
        held.add(new byte[1 << 20]);
      }
    }
  }
}
