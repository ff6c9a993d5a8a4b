package dev.podidentity.doctor;

import java.util.Comparator;
import java.util.List;

/**
 * All that was found, in the order in which it was looked for. Holds no secret.
 *
 * @param findings at least one
 */
public record Diagnosis(List<Finding> findings) {
  /** A diagnosis. */
  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /** The severity of the worst finding. */
  public Severity worst() {
    return findings.stream()
        .map(Finding::severity)
        .max(Comparator.naturalOrder())
        .orElse(Severity.OK);
  }
}
