package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.credential.cache.CachingCredentialSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What README.md shows is code that is compiled here. */
class EmbeddingTest {
  private static final Pattern JAVA_BLOCK =
      Pattern.compile("```java\n(?<code>.*?)```", Pattern.DOTALL);

  /** Never run: it would take the addresses of this machine. */
  static void embed() throws IOException {
    try (var client = EksAuthClients.forNode().build();
        var cache =
            CachingCredentialSource.builder(EksAuthCredentialSource.of(client, "my-cluster"))
                .build();
        var server =
            PodIdentityServer.builder(PodIdentityAgent.builder().source(cache).build()).start()) {
      // Pods of this node get their credentials until the server is closed.
      serveUntilStopped(server);
    }
  }

  private static void serveUntilStopped(PodIdentityServer server) {
    server.addresses();
  }

  @Test
  void isWhatTheReadmeShows() throws IOException {
    String here =
        Files.readString(
            Path.of("src/test/java", EmbeddingTest.class.getName().replace('.', '/') + ".java"));
    Matcher blocks = JAVA_BLOCK.matcher(Files.readString(Path.of("../README.md")));

    assertThat(blocks.find()).isTrue();
    do {
      assertThat(withoutSpace(here)).contains(withoutSpace(blocks.group("code")));
    } while (blocks.find());
  }

  private static String withoutSpace(String code) {
    return code.replaceAll("\\s+", "");
  }
}
