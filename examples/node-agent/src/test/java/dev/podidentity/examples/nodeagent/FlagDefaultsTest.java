package dev.podidentity.examples.nodeagent;

import static dev.podidentity.examples.nodeagent.ServerFlags.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FlagDefaultsTest {
  private static final String IPV4_ONLY =
      "{\"agent\": {\"additionalArgs\": {\"-b\": \"169.254.170.23\", \"--port\": 8080}}}";

  @TempDir private Path folder = Path.of("");

  @Test
  void takesFlagsFromConfigurationValues() {
    var environment = Map.of("POD_IDENTITY_CONFIGURATION_VALUES", IPV4_ONLY);

    assertThat(value(environment, "--bind-hosts"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .containsExactly("169.254.170.23");
    assertThat(value(environment, "--port")).isEqualTo(8080);
  }

  @Test
  void readsThemFromAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("values.json"), IPV4_ONLY);

    assertThat(value(Map.of(), "--port", "--configuration-values", file.toString()))
        .isEqualTo(8080);
  }

  @Test
  void prefersFlagsAndVariablesToThem() {
    String[] flags = {"--configuration-values", IPV4_ONLY, "-b", "127.0.0.1"};

    assertThat(value(Map.of(), "--bind-hosts", flags))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .containsExactly("127.0.0.1");
    assertThat(value(Map.of("POD_IDENTITY_PORT", "81"), "--port", flags)).isEqualTo(81);
  }

  @Test
  void takesHowMuchIsLogged() {
    String values = "{\"agent\": {\"additionalArgs\": {\"--verbosity\": \"warn\"}}}";

    assertThat(value(Map.of(), "--verbosity", "--configuration-values", values))
        .isEqualTo(Verbosity.WARN);
  }

  @Test
  void saysWhereTheyAreNotTaken() {
    String mistyped = "{\"agent\": {\"additionalArg\": {}}}";

    assertThat(errorOf("server", "-c", "my-cluster", "--configuration-values", mistyped))
        .startsWith("server: --configuration-values: The configuration values are not supported")
        .contains("/agent/additionalArg", "did you mean 'additionalArgs'?");
    assertThat(errorOf("server", "-c", "my-cluster", "--configuration-values", "none.json"))
        .contains("'none.json' is neither a JSON object nor a file that can be read");
  }

  private static String errorOf(String... arguments) {
    var err = new StringWriter();
    CommandLine commandLine = NodeAgent.commandLine(Map.of()).setErr(new PrintWriter(err));
    assertThat(commandLine.execute(arguments)).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    return err.toString();
  }
}
