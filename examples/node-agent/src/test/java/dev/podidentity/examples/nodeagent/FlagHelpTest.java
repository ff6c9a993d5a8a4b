package dev.podidentity.examples.nodeagent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlagHelpTest {
  @Test
  void showsEachFlagOnceInItsSection() {
    String help = helpOf("server");

    assertThat(section(help, "Cluster and endpoint:"))
        .contains("-c, --cluster-name=NAME", "--endpoint=URL", "--use-fips-endpoint")
        .doesNotContain("--port");
    assertThat(section(help, "Addresses:"))
        .contains("-p, --port=PORT", "-b, --bind-hosts=ADDRESS")
        .doesNotContain("--max-cache-size");
    assertThat(section(help, "Stopping:")).contains("--drain-timeout=DURATION");
    assertThat(help.split("--port=PORT", -1)).hasSize(2);
  }

  @Test
  void showsTheFlagsOfEveryCommandLast() {
    assertThat(Commands.all())
        .allSatisfy(
            command ->
                assertThat(section(command.commandLine().getUsageMessage(), "Every command:"))
                    .contains("-h, --help", "-V, --version", "-v, --verbosity=LEVEL"));
    assertThat(section(helpOf("doctor"), "Every command:")).doesNotContain("--json");
  }

  @Test
  void namesEachValue() {
    assertThat(Commands.all())
        .allSatisfy(
            command -> assertThat(command.commandLine().getUsageMessage()).doesNotContain("=<"));
  }

  @Test
  void showsTheVariablesOfFlagsWithoutThoseOfHelpItself() {
    assertThat(helpOf("server"))
        .contains("[POD_IDENTITY_CLUSTER_NAME]")
        .contains("[POD_IDENTITY_MAX_CREDENTIAL_RETENTION_BEFORE_RENEWAL]")
        .contains("[POD_IDENTITY_VERBOSITY]")
        .doesNotContain("POD_IDENTITY_HELP");
  }

  private static String helpOf(String command) {
    var commands = NodeAgent.commandLine(Map.of()).getSubcommands();
    return requireNonNull(commands.get(command)).getUsageMessage();
  }

  /** What stands between a heading and the next one. */
  private static String section(String help, String heading) {
    List<String> sections = Arrays.asList(help.split("\\R\\R"));
    return sections.stream().filter(one -> one.startsWith(heading)).findFirst().orElseThrow();
  }
}
