package dev.podidentity.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerSettingsTest {
  @TempDir private Path directory = Path.of(".");

  private static ContainerSettings of(Map<String, String> variables) {
    return new ContainerSettings(
        Environment.of(variables), new TokenCheck(Clock.systemUTC()), null, null);
  }

  private Path tokenFile(String text) throws IOException {
    return Files.writeString(directory.resolve("token"), text);
  }

  @Test
  void takesTheFullUri() {
    var settings = of(Map.of(Environment.FULL_URI, "http://[fd00:ec2::23]/v1/credentials"));

    assertThat(settings.endpoint()).hasToString("http://[fd00:ec2::23]");
  }

  @Test
  void takesTheRelativeUriBeforeTheFullOne() {
    var settings =
        of(
            Map.of(
                Environment.RELATIVE_URI,
                "/v2/credentials/1234",
                Environment.FULL_URI,
                "http://127.0.0.1/"));

    assertThat(settings.endpoint()).hasToString("http://169.254.170.2");
    assertThat(settings.endpoint().target()).isEqualTo("/v2/credentials/1234");
  }

  @Test
  void takesTheRelativeUriFromTheServiceEndpointThatIsSet() {
    var settings =
        of(
            Map.of(
                Environment.RELATIVE_URI,
                "/x",
                Environment.SERVICE_ENDPOINT,
                "http://127.0.0.1:51678"));

    assertThat(settings.endpoint()).hasToString("http://127.0.0.1:51678");
  }

  @Test
  void isNotLedAstrayByARelativeUri() {
    assertThatExceptionOfType(AgentFailure.class)
        .isThrownBy(() -> of(Map.of(Environment.RELATIVE_URI, "@example.com/")).endpoint());
    assertThatExceptionOfType(AgentFailure.class)
        .isThrownBy(() -> of(Map.of(Environment.RELATIVE_URI, ".example.com/")).endpoint());
  }

  @Test
  void takesWhatWasSetBeforeTheEnvironment() throws IOException {
    var settings =
        new ContainerSettings(
            Environment.of(
                Map.of(Environment.FULL_URI, "http://127.0.0.1/", Environment.TOKEN_FILE, "/none")),
            new TokenCheck(Clock.systemUTC()),
            URI.create("http://[::1]:8080/"),
            tokenFile("set"));

    assertThat(settings.endpoint()).hasToString("http://[::1]:8080");
    assertThat(settings.token()).isEqualTo("set");
  }

  @Test
  void takesTheTokenFileBeforeTheToken() throws IOException {
    var settings =
        of(
            Map.of(
                Environment.TOKEN_FILE,
                tokenFile("from-the-file").toString(),
                Environment.TOKEN,
                "from-the-variable"));

    assertThat(settings.token()).isEqualTo("from-the-file");
  }

  @Test
  void takesTheTokenWhereThereIsNoFile() {
    assertThat(of(Map.of(Environment.TOKEN, "a-token")).token()).isEqualTo("a-token");
    assertThat(of(Map.of()).token()).isNull();
  }

  @Test
  void takesABlankVariableAsNotSet() {
    assertThatExceptionOfType(AgentFailure.class)
        .isThrownBy(() -> of(Map.of(Environment.FULL_URI, "  ")).endpoint());
  }
}
