package dev.podidentity.addon.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.UpdateStatus;
import dev.podidentity.testing.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KilledRolloutTest {
  /** Each costs a JVM of its own; {@code -Dkills=100} looks harder. */
  private static final int KILLS = Integer.getInteger("kills", 3);

  private static final int MAX_LINES = 40;

  @TempDir private Path folder = Path.of("");

  private final List<String> begun = new ArrayList<>();

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void endsOrUndoesTheRolloutThatItWasKilledInAndLosesNoUpdate() throws Exception {
    Path file = folder.resolve("addon.json");
    var random = new Random(5);

    for (int kill = 0; kill < KILLS; kill++) {
      rollUntilKilled(file, kill, 2 + random.nextInt(MAX_LINES));

      try (var addons = KilledRollout.open(file, silent())) {
        if (addons.list().isEmpty()) {
          continue;
        }
        assertThat(KilledRollout.awaitIdle(addons))
            .isIn(AddonStatus.ACTIVE, AddonStatus.UPDATE_FAILED);
        requireHistory(addons.listUpdates(Addon.NAME));
      }
    }
    assertThat(begun).isNotEmpty();
  }

  private void requireHistory(List<AddonUpdate> newestFirst) {
    List<AddonUpdate> history = new ArrayList<>(newestFirst);
    Collections.reverse(history);
    assertThat(history).extracting(AddonUpdate::id).containsSubsequence(begun);
    assertThat(history)
        .allSatisfy(
            update ->
                assertThat(update.status())
                    .isEqualTo(isBad(update) ? UpdateStatus.FAILED : UpdateStatus.SUCCESSFUL));
  }

  private static boolean isBad(AddonUpdate update) {
    return update.params().stream().anyMatch(param -> param.value().equals(KilledRollout.BAD));
  }

  private static PrintStream silent() {
    return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
  }

  private void rollUntilKilled(Path file, int seed, int lines)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(TestJvm.command());
    command.addAll(TestJvm.program(KilledRollout.class, file.toString(), Integer.toString(seed)));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    int left = lines;
    try (BufferedReader out = child.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("begun ")) {
          begun.add(line.substring("begun ".length()));
        }
        if (--left == 0) {
          child.toHandle().destroyForcibly();
        }
      }
    }
    assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }
}
