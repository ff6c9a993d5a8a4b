package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tests and commands that {@code docs/security.md} names are there, and each statement names
 * one.
 */
class SecurityPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:\\.(\\w+))?`");
  private static final Pattern COMMAND = Pattern.compile("`(\\.ci/\\w+)`");

  @Test
  void namesOnlyTestsThatExist() throws IOException {
    for (String line : page()) {
      var named = NAMED.matcher(line);
      while (named.find()) {
        String source = source(named.group(1));
        assertThat(source).describedAs(named.group()).contains("class " + named.group(1));
        if (named.group(2) != null) {
          assertThat(source).describedAs(named.group()).contains("void " + named.group(2) + "(");
        }
      }
    }
  }

  @Test
  void namesOnlyCommandsThatExist() throws IOException {
    for (String line : page()) {
      var named = COMMAND.matcher(line);
      while (named.find()) {
        assertThat(ROOT.resolve(named.group(1))).isExecutable();
      }
    }
  }

  @Test
  void namesATestOrACommandForEachStatement() throws IOException {
    boolean statements = false;
    int count = 0;
    for (String line : page()) {
      if (line.endsWith("| held by |")) {
        statements = true;
      } else if (!line.startsWith("|")) {
        statements = false;
      } else if (statements && !line.startsWith("| ---")) {
        count++;
        assertThat(NAMED.matcher(line).find() || COMMAND.matcher(line).find())
            .describedAs(line)
            .isTrue();
      }
    }
    assertThat(count).isGreaterThan(25);
  }

  private static List<String> page() throws IOException {
    return Files.readAllLines(ROOT.resolve("docs/security.md"));
  }

  private static String source(String test) throws IOException {
    try (Stream<Path> modules = Stream.of("core", "server-jdk", "examples").map(ROOT::resolve)) {
      for (Path module : modules.toList()) {
        try (Stream<Path> files = Files.walk(module)) {
          var found = files.filter(file -> file.endsWith(test + ".java")).findFirst();
          if (found.isPresent()) {
            return Files.readString(found.get());
          }
        }
      }
    }
    throw new AssertionError("there is no " + test);
  }
}
