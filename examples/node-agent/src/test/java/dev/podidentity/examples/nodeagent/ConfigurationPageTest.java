package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** docs/configuration.md, held against the commands' flags. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "configuration.md");

  private final FlagTables page = FlagTables.read(PAGE);

  ConfigurationPageTest() throws IOException {}

  private static Stream<Arguments> flags() {
    return Commands.all()
        .flatMap(
            command ->
                ownFlags(command)
                    .map(flag -> arguments(nameOf(command), flag.longestName(), flag)));
  }

  private static Stream<OptionSpec> ownFlags(CommandSpec command) {
    return command.options().stream()
        .filter(flag -> EnvironmentDefaults.hasVariable(flag) && !flag.inherited());
  }

  /** As the page has it: without the program, whose flags are those of every command. */
  private static String nameOf(CommandSpec command) {
    return command.parent() == null
        ? FlagTables.EVERY_COMMAND
        : command.qualifiedName().substring(command.root().name().length() + 1);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("flags")
  void hasTheFlagWithItsVariableAndItsDefault(String command, String name, OptionSpec flag) {
    FlagTables.Row row = page.row(command, List.of(flag.names()));

    assertThat(row.variable()).isEqualTo(EnvironmentDefaults.variable(flag));
    if (flag.required()) {
      assertThat(row.defaultValue()).isEqualTo("required");
    } else if (flag.defaultValue() != null) {
      assertThat(row.defaultValue())
          .isEqualTo(flag.defaultValue().replace("${env:", "").replace("}", ""));
    } else if (flag.type().equals(boolean.class)) {
      assertThat(row.defaultValue()).isEqualTo("false");
    } else {
      // The code that knows the default says it in the flag's help.
      assertThat(row.literals()).allMatch(String.join(" ", flag.description())::contains);
      assertThat(row.defaultValue()).isNotBlank();
    }
  }

  @Test
  void hasNoFlagThatNoCommandHas() {
    Commands.all()
        .forEach(
            command ->
                assertThat(page.rows(nameOf(command)).keySet())
                    .as(nameOf(command))
                    .hasSameElementsAs(
                        ownFlags(command).map(flag -> List.of(flag.names())).toList()));
  }

  @Test
  void hasNoTableOfAnotherCommand() {
    assertThat(Commands.all().map(ConfigurationPageTest::nameOf)).containsAll(page.commands());
  }
}
