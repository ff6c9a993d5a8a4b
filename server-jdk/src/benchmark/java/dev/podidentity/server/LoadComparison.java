package dev.podidentity.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Hits under load, beside a handler on the same server that writes a constant: in one process, on
 * one processor, in turn. Needs {@code wrk}, {@code ab} and {@code taskset}, and two processors.
 */
final class LoadComparison {
  private static final List<Integer> CONNECTIONS = List.of(1, 16, 64, 256);
  private static final int ROUNDS = 7;
  private static final int SECONDS = 2;

  /** On one processor, the compiler takes this long from both. */
  private static final int WARM_UPS = 3;

  private static final int WARM_UP_SECONDS = 8;

  private record Pair(LoadGenerator.Load agent, LoadGenerator.Load constant) {
    double throughput() {
      return agent.perSecond() / constant.perSecond();
    }

    double latency() {
      return agent.slowMillis() / constant.slowMillis();
    }
  }

  private final Path tokens;
  private final int agent;
  private final int constant;

  private LoadComparison(Path tokens, int agent, int constant) {
    this.tokens = tokens;
    this.agent = agent;
    this.constant = constant;
  }

  /** Prints a table for the servers on the JDK at this path. */
  static void print(String name, Path java, List<Path> moreClassPath)
      throws IOException, InterruptedException {
    Path tokens = Files.createTempFile("load", ".tokens");
    Process target = start(java, moreClassPath, tokens);
    try (BufferedReader out = target.inputReader(StandardCharsets.UTF_8)) {
      String[] ports = ports(out);
      var comparison =
          new LoadComparison(tokens, Integer.parseInt(ports[1]), Integer.parseInt(ports[2]));
      System.out.println("\n" + name + "\n");
      comparison.print();
    } finally {
      target.getOutputStream().close();
      target.waitFor();
      Files.delete(tokens);
    }
  }

  private static Process start(Path java, List<Path> moreClassPath, Path tokens)
      throws IOException {
    var classPath = new StringBuilder(System.getProperty("java.class.path"));
    moreClassPath.forEach(path -> classPath.append(':').append(path));
    return new ProcessBuilder(
            "taskset",
            "-c",
            "0",
            java.toString(),
            "-Xmx256m",
            "-Dlogback.configurationFile=load/logback.xml",
            "-cp",
            classPath.toString(),
            LoadTarget.class.getName(),
            tokens.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String[] ports(BufferedReader out) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("ports ")) {
        return line.split(" ");
      }
    }
    throw new IOException("the server did not start");
  }

  private void print() throws IOException, InterruptedException {
    for (int i = 0; i < WARM_UPS; i++) {
      for (int port : List.of(agent, constant)) {
        for (LoadGenerator generator : LoadGenerator.values()) {
          generator.run(16, WARM_UP_SECONDS, port, tokens);
        }
      }
    }
    System.out.println(
        "| connections | constant/s | hits/s | ratio | p99 constant, ms | p99 hit, ms | ratio |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
    for (LoadGenerator generator : LoadGenerator.values()) {
      for (int connections : CONNECTIONS) {
        print(connections + " " + generator, measure(generator, connections));
      }
    }
  }

  private List<Pair> measure(LoadGenerator generator, int connections)
      throws IOException, InterruptedException {
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < ROUNDS; i++) {
      LoadGenerator.Load hit = generator.run(connections, SECONDS, agent, tokens);
      LoadGenerator.Load same = generator.run(connections, SECONDS, constant, tokens);
      pairs.add(new Pair(hit, same));
    }
    return pairs;
  }

  private static void print(String what, List<Pair> pairs) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %.0f | %.2f | %.2f | %.2f | %s |%n",
        what,
        median(pairs, pair -> pair.constant().perSecond()),
        median(pairs, pair -> pair.agent().perSecond()),
        median(pairs, Pair::throughput),
        median(pairs, pair -> pair.constant().slowMillis()),
        median(pairs, pair -> pair.agent().slowMillis()),
        ratio(median(pairs, Pair::latency)));
  }

  /** Of what is shorter than the generator can tell, there is none. */
  private static String ratio(double latency) {
    return Double.isFinite(latency) ? String.format(Locale.ROOT, "%.2f", latency) : "";
  }

  private static double median(List<Pair> pairs, ToDoubleFunction<Pair> of) {
    return pairs.stream().mapToDouble(of).sorted().toArray()[pairs.size() / 2];
  }
}
