package dev.podidentity.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Prints the figures of {@code docs/performance.md} that need a server. */
final class LoadBenchmarks {
  private interface Benchmark {
    void run() throws Exception;
  }

  private final Pattern chosen;

  private LoadBenchmarks(Pattern chosen) {
    this.chosen = chosen;
  }

  /** Takes an expression for the names of those to run; {@code .*} for all. */
  public static void main(String[] args) throws Exception {
    new LoadBenchmarks(Pattern.compile(args[0])).runAll();
  }

  private void runAll() throws Exception {
    Path here = java(Path.of(System.getProperty("java.home")));
    Path newest = java(Path.of(System.getProperty("newest.jdk.home", "none")));
    run("hits-oldest-jdk", () -> LoadComparison.print("The JDK's server", here, List.of()));
    if (Files.exists(newest)) {
      run("hits-newest-jdk", () -> LoadComparison.print("The JDK's server", newest, List.of()));
      if (Files.exists(AnotherProvider.JAR)) {
        run(
            "hits-another-server",
            () -> LoadComparison.print("robaho's server", newest, List.of(AnotherProvider.JAR)));
      } else {
        System.out.println("without -Panother-http-server: hits-another-server is left out");
      }
    } else {
      System.out.println("no newer JDK: hits-newest-jdk and hits-another-server are left out");
    }
    run("storms", StormFigures::print);
  }

  private static Path java(Path home) {
    return home.resolve("bin").resolve("java");
  }

  private void run(String name, Benchmark benchmark) throws Exception {
    if (chosen.matcher(name).find()) {
      System.out.println("\n" + name);
      benchmark.run();
    }
  }
}
