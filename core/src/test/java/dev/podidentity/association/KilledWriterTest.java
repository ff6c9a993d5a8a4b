package dev.podidentity.association;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.testing.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledWriterTest {
  /** Each costs a JVM of its own; {@code -Dkills=200} looks harder. */
  private static final int KILLS = Integer.getInteger("kills", 8);

  private static final int MAX_WRITES = 120;

  @TempDir private Path folder = Path.of("");

  private final Map<String, String> acknowledged = new HashMap<>();

  @Test
  void losesNoAcknowledgedWriteWhenKilledAtAnyMoment() throws Exception {
    Path file = folder.resolve("associations.jsonl");
    var random = new Random(7);

    for (int kill = 0; kill < KILLS; kill++) {
      String unanswered = writeUntilKilled(file, kill, random);

      try (var store = AssociationStore.builder(AssociationFixtures.CLUSTER).file(file)) {
        Map<String, String> held = KilledWriter.contents(store);
        if (!held.equals(acknowledged) && unanswered != null) {
          apply(unanswered);
        }
        assertThat(held).as("after kill %s", kill).isEqualTo(acknowledged);
      }
    }
  }

  /** Returns the write that was begun and not answered, if there was one. */
  private @Nullable String writeUntilKilled(Path file, int seed, Random random)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(TestJvm.command());
    command.addAll(TestJvm.program(KilledWriter.class, file.toString(), Integer.toString(seed)));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    int lines = 1 + random.nextInt(2 * MAX_WRITES);
    int spins = random.nextInt(200_000);
    @Nullable String begun = null;
    try (BufferedReader out = child.inputReader()) {
      String line = out.readLine();
      while (line != null) {
        begun = take(line, begun);
        if (--lines == 0) {
          for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
          }
          // Not by the process itself, which would close what it has still to say.
          child.toHandle().destroyForcibly();
        }
        line = out.readLine();
      }
    }
    assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return begun;
  }

  private @Nullable String take(String line, @Nullable String begun) {
    if (line.equals("done")) {
      apply(requireNonNull(begun));
      return null;
    }
    assertThat(line).startsWith("try ");
    return line;
  }

  private void apply(String begun) {
    String[] words = begun.split(" ", -1);
    if (words[2].equals("-")) {
      acknowledged.remove(words[1]);
    } else {
      acknowledged.put(words[1], words[2]);
    }
  }
}
