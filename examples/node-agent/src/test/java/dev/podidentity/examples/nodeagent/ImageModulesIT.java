package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The modules of an image, against what the jar refers to, which is the same on every JDK. */
class ImageModulesIT {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @Test
  void leavesOutNothingThatTheJarRefersToButTheDesktop() throws Exception {
    var jdeps =
        NodeAgentJar.runCommand(
            List.of(
                JDK.resolve("bin/jdeps").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "--multi-release",
                "17",
                "--ignore-missing-deps",
                "--print-module-deps",
                NodeAgentJar.path()));
    Set<String> missing = new TreeSet<>(List.of(jdeps.out().strip().split(",")));

    missing.removeAll(Files.readAllLines(Path.of("image/modules")));

    // Jackson reads annotations of java.beans where there are any, and does without.
    assertThat(missing).isSubsetOf("java.desktop");
  }
}
