package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Each name of each flag of {@code server} is one that a test starts the jar with. */
class FlagsAreTestedTest {
  private static final Path TESTS = Path.of("src/test/java/dev/podidentity/examples/nodeagent");

  /** What is refused starts no agent. */
  private static final String OF_BAD_FLAGS = "CommandLineIT.java";

  private static CommandSpec server() {
    return Commands.all().filter(one -> one.name().equals("server")).findFirst().orElseThrow();
  }

  private static Stream<String> names() {
    return server().options().stream()
        .filter(EnvironmentDefaults::hasVariable)
        .map(OptionSpec::names)
        .flatMap(Arrays::stream);
  }

  @ParameterizedTest
  @MethodSource("names")
  void startsTheJarWithIt(String name) throws IOException {
    Pattern literal = Pattern.compile("\"" + name + "[=\"]");

    assertThat(startsOfTheJar()).anyMatch(test -> literal.matcher(test).find());
  }

  private static List<String> startsOfTheJar() throws IOException {
    try (Stream<Path> files = Files.list(TESTS)) {
      return files
          .filter(file -> file.toString().matches(".*(IT|AgentUnderTest)\\.java"))
          .filter(file -> !file.endsWith(OF_BAD_FLAGS))
          .map(FlagsAreTestedTest::text)
          .toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the reference agent documents: names, and the default where it is one value. */
  @ParameterizedTest
  @CsvSource({
    "-c, --cluster-name, ",
    "-p, --port, 80",
    "-b, --bind-hosts, ",
    ", --probe-port, 2703",
    ", --metrics-address, 0.0.0.0",
    ", --metrics-port, 2705",
    ", --max-credential-retention-before-renewal, 3h",
    ", --max-cache-size, 2000",
    ", --max-service-qps, 3",
    ", --rotate-credentials, false",
    ", --endpoint, ",
    "-v, --verbosity, info"
  })
  void hasTheFlagsOfTheReferenceAgent(String shortName, String name, String defaultValue) {
    OptionSpec flag = server().findOption(name);

    assertThat(flag.defaultValue()).isEqualTo(defaultValue);
    assertThat(flag.names())
        .containsExactly(
            Stream.of(shortName, name).filter(one -> one != null).toArray(String[]::new));
  }
}
