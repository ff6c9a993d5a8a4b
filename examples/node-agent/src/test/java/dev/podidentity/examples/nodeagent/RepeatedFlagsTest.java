package dev.podidentity.examples.nodeagent;

import static dev.podidentity.examples.nodeagent.ServerFlags.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A flag that is given twice, as by a chart and by its user, changes that flag alone. */
class RepeatedFlagsTest {
  private static final String VALUES =
      "{\"agent\": {\"additionalArgs\": {\"-b\": \"127.0.0.1\", \"-p\": 8080}}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-b 127.0.0.1 -p 8080 --node-name a --node-name b -b 127.0.0.2",
        "--node-name a -b 127.0.0.1 -p 80 --node-name b -p 8080 -b 127.0.0.2",
        "-p 1 -b 127.0.0.1 -p 2 -b 127.0.0.2 --port 8080 --node-name a --node-name b",
        "--max-cache-size 1 -p 8080 -b 127.0.0.1,127.0.0.2 --max-cache-size 2 --node-name b"
      })
  void addsUpAddressesAndTakesTheLastOfEverythingElse(String flags) {
    assertThat(value(Map.of(), "--bind-hosts", flags.split(" ")))
        .isEqualTo(List.of("127.0.0.1", "127.0.0.2"));
    assertThat(value(Map.of(), "--port", flags.split(" "))).isEqualTo(8080);
    assertThat(value(Map.of(), "--node-name", flags.split(" "))).isEqualTo("b");
  }

  @Test
  void keepsWhatVariablesSay() {
    var environment = Map.of("POD_IDENTITY_BIND_HOSTS", "127.0.0.1", "POD_IDENTITY_PORT", "8080");
    String[] flags = {"--node-name", "a", "--node-name", "b"};

    assertThat(value(environment, "--bind-hosts", flags)).isEqualTo(List.of("127.0.0.1"));
    assertThat(value(environment, "--port", flags)).isEqualTo(8080);
    assertThat(value(environment, "--bind-hosts", "-p", "1", "-p", "2", "-b", "127.0.0.2"))
        .isEqualTo(List.of("127.0.0.2"));
  }

  @Test
  void keepsWhatConfigurationValuesSay() {
    String[] flags = {"--node-name", "a", "--configuration-values", VALUES, "--node-name", "b"};

    assertThat(value(Map.of(), "--bind-hosts", flags)).isEqualTo(List.of("127.0.0.1"));
    assertThat(value(Map.of(), "--port", flags)).isEqualTo(8080);
    assertThat(value(Map.of(), "--node-name", flags)).isEqualTo("b");
  }

  /** Picocli forgets what the other flags of a group were given where one of them is repeated. */
  @Test
  void noFlagIsInAnArgumentGroup() {
    assertThat(Commands.all()).allMatch(command -> command.argGroups().isEmpty());
  }
}
