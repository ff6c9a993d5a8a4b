package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder that {@code image/build} makes. */
record AgentImage(Path folder) {
  /** Builds it of a JDK. */
  static AgentImage build(Path jdk, Path folder) throws IOException, InterruptedException {
    var result =
        NodeAgentJar.runCommand(
            List.of(
                "env", "JAVA_HOME=" + jdk, "image/build", NodeAgentJar.path(), folder.toString()));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return new AgentImage(folder);
  }

  /** The start of the command line. */
  List<String> command() {
    return List.of(
        folder.resolve("runtime/bin/java").toString(),
        "@" + folder.resolve("java.options"),
        "-jar",
        folder.resolve("node-agent.jar").toString());
  }

  /** The archive of classes. */
  Path archive() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(jsa|aot)"))
          .findAny()
          .orElseThrow();
    }
  }
}
