package dev.podidentity.examples.nodeagent;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The add-on's configuration values, which {@link FlagDefaults} reads. */
final class ConfigurationOptions {
  @Option(
      names = "--configuration-values",
      paramLabel = "FILE|JSON",
      description =
          "The add-on's configuration values: a JSON object, or a file that has one. Their"
              + " agent.additionalArgs count where neither a flag nor its environment variable"
              + " is given.")
  @SuppressWarnings("UnusedVariable") // read by the flag's name, before there is a daemon
  private @Nullable String configurationValues;
}
