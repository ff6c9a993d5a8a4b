package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeAgentTest {
  @Test
  void readsTheFlagsOfTheCommandThatIsRunAlone() {
    assertThat(commands("server -c my-cluster token")).containsExactly("server");
    assertThat(commands("rollout status")).containsExactly("rollout");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-v debug server", "servr"})
  void knowsAllCommandsWhereNoneIsNamedFirst(String commandLine) {
    assertThat(commands(commandLine))
        .containsExactly("server", "initialize", "doctor", "local", "rollout", "token", "version");
  }

  @Test
  void namesCommandsAsTheyNameThemselves() {
    assertThat(NodeAgent.commandLine(Map.of()).getSubcommands())
        .allSatisfy((name, command) -> assertThat(command.getCommandName()).isEqualTo(name));
  }

  private static Set<String> commands(String commandLine) {
    return NodeAgent.commandLine(Map.of(), commandLine.split(" ")).getSubcommands().keySet();
  }
}
