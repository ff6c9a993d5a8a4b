package dev.podidentity.examples.nodeagent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Associations of the node's own, for clusters outside EKS. */
final class AssociationOptions {
  static final String ASSOCIATIONS = "--associations";

  private static final String DURATION = "--session-duration";
  private static final Duration SHORTEST = Duration.ofMinutes(15);
  private static final Duration LONGEST = Duration.ofHours(12);

  @Option(
      names = ASSOCIATIONS,
      paramLabel = "FILE",
      description =
          "Take associations from this file and roles from AWS STS, and do not ask EKS Auth: for"
              + " clusters outside EKS.")
  private @Nullable Path file;

  @Option(
      names = DURATION,
      paramLabel = "DURATION",
      defaultValue = "1h",
      description =
          "How long credentials from STS live, 15m to 12h; a chained role's at most 1h (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration duration = Duration.ofHours(1);

  /**
   * The file; empty where EKS Auth is asked.
   *
   * @throws BadFlagException if it is none
   */
  Optional<Path> file() {
    if (file != null && !Files.isRegularFile(file)) {
      throw new BadFlagException(
          ASSOCIATIONS, "is " + file + ", which is no file: docs/associations.md has its form");
    }
    return Optional.ofNullable(file);
  }

  /**
   * How long credentials live.
   *
   * @throws BadFlagException if STS does not make them so
   */
  Duration duration() {
    if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
      throw new BadFlagException(DURATION, "is not within 15m and 12h, as STS has it");
    }
    return duration;
  }
}
