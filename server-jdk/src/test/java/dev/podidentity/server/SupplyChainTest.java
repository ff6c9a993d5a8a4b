package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the build is made of is what its files say, and comes from where Maven looks. */
class SupplyChainTest {
  private static final Path ROOT = Path.of("..");
  private static final String EXACT = "[0-9][0-9A-Za-z.+-]*";

  @Test
  void pinsEveryVersion() throws Exception {
    int versions = 0;
    for (Path pom : poms()) {
      NodeList elements = read(pom).getElementsByTagName("version");
      for (int i = 0; i < elements.getLength(); i++) {
        Element version = (Element) elements.item(i);
        if (isOfOthers((Element) version.getParentNode())) {
          versions++;
          assertThat(value(version)).describedAs("%s", pom).matches(EXACT);
          assertThat(value(version)).describedAs("%s", pom).doesNotContain("SNAPSHOT");
        }
      }
    }
    assertThat(versions).isGreaterThan(40);
  }

  // This project's own, and the bounds of the enforcer, which are ranges.
  private static boolean isOfOthers(Element owner) {
    NodeList groups = owner.getElementsByTagName("groupId");
    boolean own = groups.getLength() > 0 && groups.item(0).getTextContent().startsWith("dev.pod");
    return List.of("dependency", "plugin", "path").contains(owner.getTagName()) && !own;
  }

  private static String value(Element version) throws Exception {
    String text = version.getTextContent();
    if (!text.startsWith("${")) {
      return text;
    }
    String property = text.substring(2, text.length() - 1);
    NodeList found = read(ROOT.resolve("pom.xml")).getElementsByTagName(property);
    assertThat(found.getLength()).describedAs(text).isEqualTo(1);
    return found.item(0).getTextContent();
  }

  @Test
  void takesNothingFromAnotherPlaceThanMavensOwn() throws Exception {
    for (Path pom : poms()) {
      Document document = read(pom);
      for (String place : List.of("repository", "pluginRepository", "systemPath", "extension")) {
        assertThat(document.getElementsByTagName(place).getLength())
            .describedAs("<%s> in %s", place, pom)
            .isZero();
      }
    }
    assertThat(ROOT.resolve(".mvn")).doesNotExist();
  }

  @Test
  void leavesNoModuleWithoutItsBillAndItsLicences() throws Exception {
    String root = Files.readString(ROOT.resolve("pom.xml"));

    assertThat(root)
        .contains("<goal>makeBom</goal>")
        .contains("<failOnMissing>true</failOnMissing>")
        .contains("<failOnBlacklist>true</failOnBlacklist>");
    for (Path pom : poms()) {
      assertThat(Files.readString(pom))
          .describedAs("%s", pom)
          .doesNotContain("<phase>none</phase>")
          .doesNotContain("<skipNotDeployed>")
          .doesNotContain("license.skip")
          .doesNotContain("cyclonedx.skip");
    }
  }

  private static List<Path> poms() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT, 3)) {
      List<Path> poms = files.filter(file -> file.endsWith("pom.xml")).toList();
      assertThat(poms).hasSizeGreaterThanOrEqualTo(8);
      return poms;
    }
  }

  private static Document read(Path pom) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    DocumentBuilder builder = factory.newDocumentBuilder();
    return builder.parse(pom.toFile());
  }
}
