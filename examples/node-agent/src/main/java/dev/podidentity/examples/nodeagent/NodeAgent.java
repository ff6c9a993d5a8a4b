package dev.podidentity.examples.nodeagent;

import static java.util.Map.entry;

import dev.podidentity.addon.configuration.GoDuration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's start: reads the command line and runs what it names. */
@Command(
    name = "node-agent",
    description = "Gives the pods of a node the AWS credentials of their service accounts.",
    footer = {
      "",
      "Each flag is also an environment variable, as --help of its command shows; the flag wins."
    },
    commandListHeading = "%nCommands:%n",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class NodeAgent implements Runnable {
  private static final int HELP_WIDTH = 100;

  /** In the order of the help. */
  private static final List<Entry<String, Class<?>>> COMMANDS =
      List.of(
          entry("server", ServerCommand.class),
          entry("initialize", InitializeCommand.class),
          entry("doctor", DoctorCommand.class),
          entry("local", LocalCommand.class),
          entry("rollout", RolloutCommand.class),
          entry("token", TokenCommand.class),
          entry("version", VersionCommand.class));

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-v", "--verbosity"},
      scope = ScopeType.INHERIT,
      paramLabel = "LEVEL",
      defaultValue = "info",
      description =
          "How much is logged: trace, debug, info, warn or error (default: ${DEFAULT-VALUE}).")
  private Verbosity verbosity = Verbosity.INFO;

  @Option(
      names = "--log-format",
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      defaultValue = "json",
      description =
          "How log lines look on stderr: json, or text for people (default: ${DEFAULT-VALUE}).")
  private LogFormat logFormat = LogFormat.JSON;

  private final FlagDefaults defaults;

  private NodeAgent(FlagDefaults defaults) {
    this.defaults = defaults;
  }

  /** Runs the program; exits 2 for a command line that makes no sense, 1 for any other failure. */
  public static void main(String[] args) {
    WarmStart.begin(List.of(args));
    System.exit(commandLine(System.getenv(), args).execute(args));
  }

  /**
   * The command that the first argument names, or else all of them; their flags take what the
   * command line does not say from the environment.
   */
  static CommandLine commandLine(Map<String, String> environment, String... arguments) {
    var variables = new EnvironmentDefaults(environment);
    var defaults = new FlagDefaults(variables);
    var agent = new NodeAgent(defaults);
    var commandLine = new CommandLine(agent);
    commands(arguments).forEach(each -> commandLine.addSubcommand(each.getKey(), each.getValue()));
    return commandLine
        .registerConverter(Duration.class, readable(GoDuration::parse))
        .registerConverter(Verbosity.class, readable(Verbosity::parse))
        .registerConverter(LogFormat.class, readable(LogFormat::parse))
        .registerConverter(Switch.class, readable(Switch::parse))
        .registerConverter(Boolean.class, readable(GoBoolean::parse))
        .registerConverter(boolean.class, readable(GoBoolean::parse))
        // A chart's own flag and its user's: the last one counts, as in the reference agent.
        .setOverwrittenOptionsAllowed(true)
        .setDefaultValueProvider(defaults)
        .setUsageHelpWidth(HELP_WIDTH)
        .setHelpFactory(FlagHelp::new)
        .setExecutionStrategy(agent::run)
        .setParameterExceptionHandler((e, args) -> explainUsage(e, variables))
        .setExecutionExceptionHandler((e, command, parsed) -> explain(e, command, variables));
  }

  // The flags of commands that nobody runs would take time and memory of the agent's start.
  private static List<Entry<String, Class<?>>> commands(String... arguments) {
    List<Entry<String, Class<?>>> named =
        COMMANDS.stream()
            .filter(each -> arguments.length > 0 && each.getKey().equals(arguments[0]))
            .toList();
    return named.isEmpty() ? COMMANDS : named;
  }

  // What picocli says of other exceptions shows their class to the user.
  private static <T> ITypeConverter<T> readable(Function<String, T> reader) {
    return text -> {
      try {
        return reader.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "names no command: see " + spec.name() + " --help");
  }

  private int run(ParseResult parsed) {
    ParseResult complete =
        defaults.take(parsed)
            ? spec.commandLine().parseArgs(parsed.originalArgs().toArray(String[]::new))
            : parsed;
    Logging.apply(verbosity, logFormat);
    return new RunLast().execute(complete);
  }

  private static int explain(Exception e, CommandLine command, EnvironmentDefaults defaults) {
    return e instanceof BadFlagException bad
        ? explain(
            command,
            bad.getMessage() + defaults.origin(bad, command.getParseResult()),
            ExitCode.USAGE)
        : explain(command, Objects.toString(e.getMessage(), e.toString()), ExitCode.SOFTWARE);
  }

  private static int explainUsage(ParameterException e, EnvironmentDefaults defaults) {
    CommandLine command = e.getCommandLine();
    String help =
        e instanceof UnmatchedArgumentException
            ? ": see " + command.getCommandSpec().qualifiedName() + " --help"
            : "";
    return explain(command, e.getMessage() + help + defaults.origin(e), ExitCode.USAGE);
  }

  private static int explain(CommandLine command, String message, int exitCode) {
    String line = message.lines().map(String::strip).collect(Collectors.joining(" "));
    command.getErr().println(command.getCommandName() + ": " + line);
    return exitCode;
  }
}
