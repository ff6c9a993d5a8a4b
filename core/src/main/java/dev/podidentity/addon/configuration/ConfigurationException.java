package dev.podidentity.addon.configuration;

import java.util.List;
import java.util.stream.Collectors;

/** Configuration values that the add-on does not take. The message has every problem. */
public final class ConfigurationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigurationProblem> problems;

  ConfigurationException(List<ConfigurationProblem> problems) {
    super(
        "The configuration values are not supported: "
            + problems.stream()
                .map(ConfigurationProblem::message)
                .collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong, in the order of the text; empty when deserialised. */
  public List<ConfigurationProblem> problems() {
    return problems == null ? List.of() : problems;
  }
}
