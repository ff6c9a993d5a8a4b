package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The build finds tests by the names of their classes, and chooses by their tags: one that has
 * another name never runs, and one with another tag runs on fewer JDKs than it says.
 */
class EveryTestRunsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern TEST =
      Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|TestFactory|Property|Example)\\b");
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"([^\"]+)\"\\)");
  private static final Pattern FOUND_BY_NAME = Pattern.compile("\\w+(Test|IT)");

  @Test
  void isCalledAsTheBuildLooksForIt() throws IOException {
    String poms = String.join("\n", read(files("pom.xml")));
    List<Path> classes = new ArrayList<>();
    for (Path file : files(".java")) {
      String name = file.getFileName().toString().replace(".java", "");
      String source = Files.readString(file);
      boolean isClass = source.contains("\nclass " + name);
      if (isClass && file.toString().contains("src/test/java") && TEST.matcher(source).find()) {
        classes.add(file);
        assertThat(FOUND_BY_NAME.matcher(name).matches() || poms.contains("<test>" + name + "<"))
            .describedAs("%s is found by its name or named in a pom.xml", file)
            .isTrue();
      }
    }
    assertThat(classes).hasSizeGreaterThan(100);
  }

  @Test
  void hasNoTagThatTheBuildDoesNotKnow() throws IOException {
    String tagsOfTheBuild =
        Files.readString(ROOT.resolve("pom.xml")).split("The tags of test classes", 2)[1];
    int tagged = 0;
    for (Path file : files(".java")) {
      Matcher tag = TAG.matcher(Files.readString(file));
      while (tag.find()) {
        tagged++;
        assertThat(tagsOfTheBuild.split("-->", 2)[0])
            .describedAs("%s", file)
            .contains("\n                " + tag.group(1) + " ");
      }
    }
    assertThat(tagged).isGreaterThan(40);
  }

  private static List<String> read(List<Path> files) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path file : files) {
      texts.add(Files.readString(file));
    }
    return texts;
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    }
  }
}
