package dev.podidentity.examples.kubernetes;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The chart of this folder, as Helm sees it. */
final class Chart {
  static final Path FOLDER = Path.of("chart", "eks-pod-identity-agent");
  static final String RELEASE = "eks-pod-identity-agent";

  private static final Path CASES = Path.of("rendered");
  private static final String VALUES_SUFFIX = ".values.yaml";

  private Chart() {}

  /** The cases that are checked in. */
  static List<String> cases() {
    try (Stream<Path> files = Files.list(CASES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(VALUES_SUFFIX))
          .map(name -> name.substring(0, name.length() - VALUES_SUFFIX.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the manifests of a case are checked in. */
  static Path manifests(String name) {
    return CASES.resolve(name + ".yaml");
  }

  /** Renders a case that is checked in. */
  static String render(String name) {
    return template().withValuesFile(CASES.resolve(name + VALUES_SUFFIX)).call();
  }

  /** Renders the smallest values that work, with these on top. */
  static String render(Map<String, String> values) {
    TemplateCommand command = template().withValuesFile(CASES.resolve("default" + VALUES_SUFFIX));
    values.forEach(command::set);
    return command.call();
  }

  private static TemplateCommand template() {
    return new Helm(FOLDER).template().withName(RELEASE).withNamespace("kube-system");
  }
}
