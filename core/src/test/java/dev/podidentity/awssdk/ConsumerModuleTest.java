package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.client.Answers;
import dev.podidentity.client.Environment;
import dev.podidentity.client.FakeAgent;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a module of its own, with nothing but core and what core brings. */
@Tag("jdk-tools")
class ConsumerModuleTest {
  // The closure of core's dependencies that are neither optional nor for tests.
  private static final Pattern BROUGHT =
      Pattern.compile(
          "(auth|sdk-core|http-client-spi|identity-spi|profiles|regions|retries|retries-spi|utils"
              + "|annotations|metrics-spi|json-utils|third-party-jackson-core"
              + "|endpoints-spi|checksums|checksums-spi|http-auth|http-auth-aws|http-auth-spi"
              + "|http-auth-aws-eventstream|eventstream|reactive-streams|slf4j-api|jackson-core"
              + "|jackson-databind|jackson-annotations|jspecify)-[0-9][^/]*\\.jar");

  private static final String MODULE =
      """
      module my.application {
        requires dev.podidentity;
      }
      """;

  private static final String MAIN =
      """
      package my.application;

      import dev.podidentity.awssdk.PodIdentityCredentialsProvider;
      import dev.podidentity.awssdk.PodIdentityException;

      public final class Main {
        public static void main(String[] arguments) {
          try (var provider = PodIdentityCredentialsProvider.create()) {
            var credentials = provider.resolveCredentials();
            System.out.println("account " + credentials.accountId().orElseThrow());
          } catch (PodIdentityException e) {
            System.out.println("failure " + e.reason());
          }
          for (String absent : arguments) {
            System.out.println(absent + " " + ModuleLayer.boot().findModule(absent).isPresent());
          }
        }
      }
      """;

  @TempDir private Path directory = Path.of(".");

  @Test
  void getsCredentialsWithNeitherEksAuthNorAServer() throws IOException, InterruptedException {
    Path sources = Files.createDirectories(directory.resolve("my/application"));
    Path moduleInfo = Files.writeString(directory.resolve("module-info.java"), MODULE);
    Path main = Files.writeString(sources.resolve("Main.java"), MAIN);
    Path classes = directory.resolve("classes");

    String compiled =
        run(
            List.of(
                "javac", "-J-XX:TieredStopAtLevel=1", "-p", modulePath(), "-d", classes.toString()),
            List.of(moduleInfo.toString(), main.toString()),
            "http://127.0.0.1:1/");
    assertThat(classes.resolve("my/application/Main.class")).as(compiled).exists();
    try (var agent =
        FakeAgent.start(
            (request, connection) ->
                FakeAgent.json(200, Answers.credentials(Instant.now().plus(Duration.ofHours(6))))
                    .answer(request, connection))) {
      String printed =
          run(
              List.of(
                  "java",
                  "-XX:TieredStopAtLevel=1",
                  "-p",
                  modulePath() + File.pathSeparator + classes),
              List.of(
                  "-m",
                  "my.application/my.application.Main",
                  "software.amazon.awssdk.services.eksauth",
                  "com.nimbusds.jose.jwt",
                  "jdk.httpserver"),
              agent.uri().toString());

      assertThat(printed)
          .contains("account " + Answers.ACCOUNT)
          .contains("software.amazon.awssdk.services.eksauth false")
          .contains("com.nimbusds.jose.jwt false")
          .contains("jdk.httpserver false");
    }
  }

  private static String modulePath() {
    String core =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> Files.exists(Path.of(entry, "module-info.class")))
            .collect(Collectors.joining(File.pathSeparator));
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> BROUGHT.matcher(Path.of(entry).getFileName().toString()).matches())
        .collect(Collectors.joining(File.pathSeparator, core + File.pathSeparator, ""));
  }

  private String run(List<String> tool, List<String> arguments, String agent)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>(tool);
    command.set(0, Path.of(System.getProperty("java.home"), "bin", tool.get(0)).toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put(Environment.FULL_URI, agent);
    builder.environment().remove(Environment.TOKEN_FILE);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed;
  }
}
