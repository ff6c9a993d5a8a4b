package dev.podidentity.examples.nodeagent;

import dev.podidentity.addon.configuration.ConfigurationValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What a flag is that the command line does not name: what its environment variable says, else what
 * the add-on's configuration values say. A command line that gives such values is to be read once
 * more when they are known.
 */
final class FlagDefaults implements IDefaultValueProvider {
  private static final String VALUES_FLAG = "--configuration-values";

  private final EnvironmentDefaults environment;
  private Map<String, String> fromValues = Map.of();

  FlagDefaults(EnvironmentDefaults environment) {
    this.environment = environment;
  }

  /**
   * Takes the configuration values that a command line names.
   *
   * @return whether there are any
   * @throws ParameterException if the add-on does not take them
   */
  boolean take(ParseResult parsed) {
    ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
    @Nullable OptionSpec option = command.commandSpec().findOption(VALUES_FLAG);
    @Nullable String given = option == null ? null : option.getValue();
    if (given == null || given.isBlank()) {
      return false;
    }
    try {
      fromValues = ConfigurationValues.parse(text(given)).agentSettings().arguments();
      return true;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandSpec().commandLine(),
          VALUES_FLAG + ": " + e.getMessage(),
          e,
          option,
          given);
    }
  }

  private static String text(String fileOrJson) {
    if (fileOrJson.stripLeading().startsWith("{")) {
      return fileOrJson;
    }
    try {
      return Files.readString(Path.of(fileOrJson));
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "'" + fileOrJson + "' is neither a JSON object nor a file that can be read", e);
    }
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    @Nullable String variable = environment.defaultValue(arg);
    return variable == null && arg instanceof OptionSpec option ? fromValues(option) : variable;
  }

  private @Nullable String fromValues(OptionSpec option) {
    for (String name : option.names()) {
      @Nullable String value = fromValues.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
