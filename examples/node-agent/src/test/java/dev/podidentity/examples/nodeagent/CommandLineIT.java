package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineIT {
  @ParameterizedTest
  @ValueSource(strings = {"server", "server my-cluster", "no-such-command"})
  void saysInOneLineWhatMakesNoSense(String commandLine) throws Exception {
    var result = NodeAgentJar.run(commandLine.split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1);
  }

  @Test
  void explainsAnAddressThatTheNodeDoesNotHave() throws Exception {
    var result = NodeAgentJar.run("server", "-c", "my-cluster", "-b", "169.254.170.23", "-p", "0");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("server: Cannot listen on 169.254.170.23 port 0: no network interface")
        .contains("initialize");
    assertThat(result.err().lines()).hasSize(1);
  }

  @Test
  void saysThatItNeedsARegion() throws Exception {
    var command =
        new ArrayList<>(List.of("env", "-u", "AWS_REGION", "AWS_EC2_METADATA_DISABLED=1"));
    command.addAll(List.of("AWS_CONFIG_FILE=none", "AWS_SHARED_CREDENTIALS_FILE=none"));
    command.addAll(NodeAgentJar.command());
    command.addAll(List.of("server", "-c", "my-cluster"));

    var result = NodeAgentJar.runCommand(command);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .startsWith("server: The AWS region of this node is not known: set AWS_REGION");
  }

  @Test
  void printsItsVersion() throws Exception {
    for (String arguments : List.of("version", "--version")) {
      assertThat(NodeAgentJar.run(arguments).out()).matches("[0-9]+\\.[0-9]+\\.[0-9]+\\S*\\n");
    }
  }

  @Test
  void helps() throws Exception {
    assertThat(NodeAgentJar.run("--help").out()).contains("server").contains("local");
    assertThat(NodeAgentJar.run("server", "--help").out()).contains("--cluster-name");
  }
}
