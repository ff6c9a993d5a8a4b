package dev.podidentity.examples.nodeagent;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Gives each flag that the command line does not name the value of an environment variable: {@code
 * --max-cache-size} that of {@code POD_IDENTITY_MAX_CACHE_SIZE}. An empty variable is none.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
  private static final String PREFIX = "POD_IDENTITY_";

  /** What Kubernetes puts into a pod's environment for a Service that is called pod-identity. */
  private static final Pattern SERVICE_LINK = Pattern.compile("(tcp|udp|sctp)://.*");

  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    return arg instanceof OptionSpec option && hasVariable(option) ? value(option) : null;
  }

  private @Nullable String value(OptionSpec option) {
    String value = environment.getOrDefault(variable(option), "");
    return value.isEmpty() || SERVICE_LINK.matcher(value).matches() ? null : value;
  }

  static boolean hasVariable(OptionSpec option) {
    return !option.usageHelp() && !option.versionHelp();
  }

  /** The variable of a flag. */
  static String variable(OptionSpec option) {
    String name = option.longestName().replaceFirst("^-+", "");
    return PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** Names the variable that a flag's unreadable value came from, if it came from one. */
  String origin(ParameterException e) {
    return e.getArgSpec() instanceof OptionSpec option
            && e.getValue() != null
            && e.getValue().equals(value(option))
        ? origin(option)
        : "";
  }

  /** Names the variable that a flag's value came from, if it came from one. */
  String origin(BadFlagException e, ParseResult parsed) {
    @Nullable OptionSpec option = parsed.commandSpec().findOption(e.flag());
    return option != null && value(option) != null && !parsed.hasMatchedOption(option)
        ? origin(option)
        : "";
  }

  private static String origin(OptionSpec option) {
    return " (from the environment variable " + variable(option) + ")";
  }
}
