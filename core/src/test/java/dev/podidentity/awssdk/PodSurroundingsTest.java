package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.client.FakeAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM's options and a file system's rights keep an application from, and what it says. */
@EnabledOnOs(OS.LINUX)
@Tag("every-jdk")
class PodSurroundingsTest {
  // What root is otherwise allowed to.
  private static final List<String> WITHOUT_OVERRIDE =
      List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search");

  @TempDir private Path directory = Path.of(".");
  private final FakeAgent agent = FakeAgent.startOnIpv6((request, connection) -> {});
  private Path folder = Path.of(".");
  private Path tokenFile = Path.of(".");

  PodSurroundingsTest() throws IOException {}

  @BeforeEach
  void project() throws IOException {
    folder = Files.createDirectory(directory.resolve("serviceaccount"));
    tokenFile = Files.writeString(folder.resolve("token"), "the-token");
  }

  @AfterEach
  void stop() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    agent.close();
  }

  private static List<String> unprivileged() {
    return System.getProperty("user.name").equals("root") ? WITHOUT_OVERRIDE : List.of();
  }

  @Test
  void saysThatTheJvmDoesNotUseIpv6() throws IOException {
    PodProcess pod =
        PodProcess.start(
            List.of(), List.of("-Djava.net.preferIPv4Stack=true"), agent.uri(), tokenFile);

    assertThat(pod.printed())
        .contains("this JVM uses IPv4 alone (-Djava.net.preferIPv4Stack=true)")
        .contains("[AGENT_UNREACHABLE]")
        .doesNotContain("tried");
  }

  @Test
  void saysThatTheTokensFolderMayNotBeSearched() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rw-------"));
    PodProcess pod = PodProcess.start(unprivileged(), List.of(), agent.uri(), tokenFile);

    assertThat(pod.printed())
        .contains("may not be read by this process")
        .contains("fsGroup")
        .contains("[TOKEN_UNREADABLE]");
  }

  @Test
  void saysThatTheTokenMayNotBeRead() throws IOException {
    Files.setPosixFilePermissions(tokenFile, PosixFilePermissions.fromString("---------"));
    PodProcess pod = PodProcess.start(unprivileged(), List.of(), agent.uri(), tokenFile);

    assertThat(pod.printed()).contains("may not be read by this process");
  }
}
