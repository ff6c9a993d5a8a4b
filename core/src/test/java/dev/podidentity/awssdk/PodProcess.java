package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.testing.TestJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An application in a process of its own, which prints what came of asking for credentials. */
final class PodProcess {
  /** Names the system property of the process that says for how long it asks. */
  static final String STARTUP_SECONDS = "pod.startup.seconds";

  private final Process process;

  private PodProcess(Process process) {
    this.process = process;
  }

  public static void main(String[] args) {
    try (var provider =
        PodIdentityCredentialsProvider.builder()
            .endpoint(URI.create(args[0]))
            .tokenFile(Path.of(args[1]))
            .requestTimeout(Duration.ofSeconds(1))
            .startupBudget(Duration.ofSeconds(Integer.getInteger(STARTUP_SECONDS, 10)))
            .grace(Duration.ofSeconds(1))
            .build()) {
      System.out.println("resolved " + provider.resolveCredentials().accessKeyId());
    } catch (PodIdentityException e) {
      System.out.println("failed " + e.getMessage());
    }
  }

  /**
   * Starts it.
   *
   * @param before what the command starts with, and the JVM's own options
   */
  static PodProcess start(List<String> before, List<String> options, URI agent, Path tokenFile)
      throws IOException {
    var command = new ArrayList<>(before);
    command.addAll(TestJvm.command());
    command.addAll(options);
    command.addAll(TestJvm.program(PodProcess.class, agent.toString(), tokenFile.toString()));
    return new PodProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  Process process() {
    return process;
  }

  /** What it has printed when it has ended. */
  String printed() throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  void signal(String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
