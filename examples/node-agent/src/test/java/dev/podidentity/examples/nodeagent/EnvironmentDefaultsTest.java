package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

class EnvironmentDefaultsTest {
  @Test
  void takesAFlagFromItsVariable() {
    assertThat(value(Map.of("POD_IDENTITY_MAX_CACHE_SIZE", "7"), "--max-cache-size", "server"))
        .isEqualTo(7);
  }

  @Test
  void prefersTheFlagToTheVariable() {
    var environment = Map.of("POD_IDENTITY_PORT", "81");

    assertThat(value(environment, "--port", "server", "-p", "82")).isEqualTo(82);
  }

  @Test
  void prefersTheVariableToTheDefault() {
    assertThat(value(Map.of(), "--port", "server")).isEqualTo(80);
    assertThat(value(Map.of("POD_IDENTITY_PORT", "81"), "--port", "server")).isEqualTo(81);
  }

  @Test
  void splitsAVariableForARepeatableFlag() {
    var environment = Map.of("POD_IDENTITY_BIND_HOSTS", "127.0.0.1,[::1]?");

    assertThat(value(environment, "--bind-hosts", "server"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .containsExactly("127.0.0.1", "[::1]?");
  }

  @Test
  void takesAnEmptyVariableForNone() {
    assertThat(value(Map.of("POD_IDENTITY_PORT", ""), "--port", "server")).isEqualTo(80);
  }

  @Test
  void ignoresWhatKubernetesSetsForAServiceOfThatName() {
    var environment = Map.of("POD_IDENTITY_PORT", "tcp://10.100.0.7:80");

    assertThat(value(environment, "--port", "server")).isEqualTo(80);
  }

  @Test
  void namesTheVariableOfAValueThatCannotBeRead() {
    assertThat(errorOf(Map.of("POD_IDENTITY_PORT", "http"), "server", "-c", "my-cluster"))
        .contains("'http'")
        .contains("from the environment variable POD_IDENTITY_PORT");
  }

  @Test
  void namesTheVariableOfAValueThatMakesNoSense() {
    assertThat(errorOf(Map.of("POD_IDENTITY_PORT", "99999"), "server", "-c", "my-cluster"))
        .contains("--port is 99999")
        .contains("from the environment variable POD_IDENTITY_PORT");
  }

  @Test
  void doesNotBlameTheVariableForTheFlag() {
    var environment = Map.of("POD_IDENTITY_PORT", "81");

    assertThat(errorOf(environment, "server", "-c", "my-cluster", "-p", "99999"))
        .contains("--port is 99999")
        .doesNotContain("POD_IDENTITY_PORT");
  }

  private static Object value(Map<String, String> environment, String flag, String... arguments) {
    ParseResult server = NodeAgent.commandLine(environment).parseArgs(arguments).subcommand();
    return server.commandSpec().findOption(flag).getValue();
  }

  private static String errorOf(Map<String, String> environment, String... arguments) {
    var err = new StringWriter();
    CommandLine commandLine = NodeAgent.commandLine(environment).setErr(new PrintWriter(err));
    assertThat(commandLine.execute(arguments)).isEqualTo(2);
    return err.toString();
  }
}
