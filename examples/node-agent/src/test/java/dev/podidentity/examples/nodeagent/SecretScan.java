package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs last: reads everything that the tests of every module logged and printed, error bodies
 * included, and finds no token and no key. The secrets of the tests are recognisable on purpose.
 */
class SecretScan {
  static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{10,}\\.[\\w-]{10,}\\.[\\w-]+");
  static final Pattern KEY = Pattern.compile("Local(Secret|SessionToken)/[\\w-]{4,}");

  @Test
  void findsNoTokenAndNoKeyInAnythingThatTheTestsWrote() throws IOException {
    for (Path report : reports()) {
      String text = read(report);
      assertThat(TOKEN.matcher(text).find()).describedAs("a token in %s", report).isFalse();
      assertThat(KEY.matcher(text).find()).describedAs("a key in %s", report).isFalse();
    }
  }

  @Test
  void wouldFindThem() {
    assertThat(TOKEN.matcher("x eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIn0.c2ln y").find()).isTrue();
    assertThat(KEY.matcher("LocalSecret/abcd").find()).isTrue();
    assertThat(KEY.matcher("LocalSessionToken/abcd").find()).isTrue();
  }

  @Test
  void hasReadWhatMatters() throws IOException {
    boolean some = System.getProperties().containsKey("it.test");
    assumeFalse(some || System.getProperties().containsKey("test"), "not all tests have run");

    String all = String.join("\n", reports().stream().map(SecretScan::read).toList());

    assertThat(all)
        .contains("error answer 400")
        .contains("error answer 503")
        .contains("DEBUG")
        .contains("ASIA0LOCAL0");
  }

  private static List<Path> reports() throws IOException {
    Path root = Path.of("..", "..");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().contains("-reports"))
          .toList();
    }
  }

  private static String read(Path report) {
    try {
      return Files.readString(report, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
