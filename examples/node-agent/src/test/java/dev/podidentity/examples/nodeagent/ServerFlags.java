package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** What the flags of {@code server} are when it would run; it stops before. */
final class ServerFlags {
  private ServerFlags() {}

  /**
   * The value of a flag.
   *
   * @param flags the command line; without a cluster's name, for want of which it stops
   */
  static Object value(Map<String, String> environment, String flag, String... flags) {
    var err = new StringWriter();
    CommandLine commandLine = NodeAgent.commandLine(environment).setErr(new PrintWriter(err));
    var arguments = Stream.concat(Stream.of("server"), Stream.of(flags)).toArray(String[]::new);
    assertThat(commandLine.execute(arguments)).isEqualTo(2);
    assertThat(err.toString()).startsWith("server: --cluster-name is missing");
    return commandLine.getParseResult().subcommand().commandSpec().findOption(flag).getValue();
  }
}
