package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.testing.TestJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A main class of the tests in a process of its own, on the JDK that the tests run on. */
final class ChildJvm {
  /** Far above what any takes: the machine may be busy. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private ChildJvm() {}

  /** What it printed; it must end with exit code 0. */
  static String run(Class<?> main, List<String> jvmArguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(TestJvm.command());
    command.addAll(jvmArguments);
    command.addAll(TestJvm.programWithPooledKeys(main));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    CompletableFuture<String> printed = CompletableFuture.supplyAsync(() -> printedBy(process));
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      // Its threads and where they hang are printed into its output.
      new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
      process.waitFor(1, TimeUnit.SECONDS);
      process.destroyForcibly();
    }
    String output = printed.join();
    System.out.println(output);
    assertThat(process.waitFor()).describedAs(output).isZero();
    return output;
  }

  private static String printedBy(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
