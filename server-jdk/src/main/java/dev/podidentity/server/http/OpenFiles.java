package dev.podidentity.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many files, and so connections, this process may have open.
 *
 * @param limit the limit; {@link Integer#MAX_VALUE} for none
 */
record OpenFiles(int limit) {
  /** More than any node's pods have, whatever they do by accident. */
  static final int MOST_CONNECTIONS = 16_384;

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern SOFT_LIMIT = Pattern.compile("Max open files\\s+(\\d{1,9})\\s.*");
  private static final OpenFiles UNKNOWN = new OpenFiles(4096);

  /** The limit that Linux tells; 4096, of which more is seldom denied, where nothing does. */
  static OpenFiles system() {
    try {
      return parse(Files.readAllLines(LIMITS));
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** Reads {@code /proc/self/limits}. */
  static OpenFiles parse(List<String> limits) {
    return limits.stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(SOFT_LIMIT::matcher)
        .map(line -> new OpenFiles(line.matches() ? limit(line) : Integer.MAX_VALUE))
        .findFirst()
        .orElse(UNKNOWN);
  }

  private static int limit(Matcher line) {
    return Integer.parseInt(line.group(1));
  }

  /** How many connections of each listener leave a quarter of the files to everything else. */
  int connections(int listeners) {
    return Math.min(MOST_CONNECTIONS, limit / 4 * 3 / listeners);
  }
}
