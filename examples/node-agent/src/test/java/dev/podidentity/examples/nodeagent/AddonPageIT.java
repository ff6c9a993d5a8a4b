package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands of docs/add-on.md, as a reader runs them. */
class AddonPageIT {
  @Test
  void printsWhatThePageShows() throws Exception {
    var result =
        NodeAgentJar.runCommand(
            List.of(
                Path.of("../../docs/replay-add-on").toString(),
                System.getProperty("node-agent.jar")));

    boolean skipped = result.out().startsWith("skipped: ");
    if (skipped) {
      System.err.print(result.out());
    }
    assumeFalse(skipped, result.out());
    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).endsWith("the page and a local EKS agree\n");
  }
}
