package dev.podidentity.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Public load generators, on a processor of their own: {@code wrk} for kept connections, {@code ab}
 * for a new one with each request, which wrk counts as an error.
 */
enum LoadGenerator {
  KEPT_CONNECTIONS("kept") {
    @Override
    List<String> command(int connections, int seconds, String url, Path tokens) {
      return List.of(
          "wrk",
          "-t1",
          "-c" + connections,
          "-d" + seconds + "s",
          "--latency",
          "-s",
          "src/test/resources/load/tokens.lua",
          url,
          "--",
          tokens.toString());
    }

    @Override
    Load read(String out) {
      Matcher latency = find("\\s+99%\\s+([0-9.]+)(us|ms|s)\\s", out);
      double millis = Double.parseDouble(latency.group(1)) * millis(latency.group(2));
      return new Load(number("Requests/sec:\\s+([0-9.]+)", out), millis);
    }

    private static double millis(String unit) {
      return switch (unit) {
        case "us" -> 0.001;
        case "ms" -> 1;
        default -> 1000;
      };
    }
  },

  NEW_CONNECTIONS("new") {
    @Override
    List<String> command(int connections, int seconds, String url, Path tokens) throws IOException {
      return List.of(
          "ab",
          "-q",
          "-l",
          "-t" + seconds,
          "-n1000000",
          "-c" + connections,
          "-H",
          "Authorization: " + Files.readAllLines(tokens).get(0),
          url);
    }

    @Override
    Load read(String out) {
      if (number("Failed requests:\\s+(\\d+)", out) > 0) {
        throw new IllegalStateException(out);
      }
      return new Load(
          number("Requests per second:\\s+([0-9.]+)", out), number("\\s+99%\\s+(\\d+)", out));
    }
  };

  private final String connections;

  LoadGenerator(String connections) {
    this.connections = connections;
  }

  /**
   * What was measured.
   *
   * @param perSecond answers a second
   * @param slowMillis what 99 of 100 answers took at most
   */
  record Load(double perSecond, double slowMillis) {}

  abstract List<String> command(int connections, int seconds, String url, Path tokens)
      throws IOException;

  abstract Load read(String out);

  /** Asks for so long. Fails if any answer was an error. */
  Load run(int connections, int seconds, int port, Path tokens)
      throws IOException, InterruptedException {
    String url = "http://127.0.0.1:" + port + "/v1/credentials";
    var command = new ArrayList<>(List.of("taskset", "-c", "1"));
    command.addAll(command(connections, seconds, url, tokens));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean failed =
        process.waitFor() != 0 || out.contains("Non-2xx") || out.contains("Socket errors");
    if (failed) {
      throw new IllegalStateException(String.join(" ", command.subList(0, 5)) + ": " + out);
    }
    return read(out);
  }

  private static double number(String pattern, String out) {
    return Double.parseDouble(find(pattern, out).group(1));
  }

  private static Matcher find(String pattern, String out) {
    Matcher found = Pattern.compile(pattern).matcher(out);
    if (!found.find()) {
      throw new IllegalStateException("not in the output: " + pattern + "\n" + out);
    }
    return found;
  }

  @Override
  public String toString() {
    return connections;
  }
}
