package dev.podidentity.examples.nodeagent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.doctor.Diagnosis;
import dev.podidentity.doctor.Finding;
import dev.podidentity.doctor.Severity;
import java.util.Locale;
import java.util.stream.Stream;

/** A diagnosis as it is printed. */
final class DiagnosisText {
  private DiagnosisText() {}

  /** A line for each finding: severity, code, what was found, and what to do. */
  static Stream<String> lines(Diagnosis diagnosis) {
    return diagnosis.findings().stream().map(DiagnosisText::line);
  }

  private static String line(Finding finding) {
    String remedy = finding.remedy().isEmpty() ? "" : ". To do: " + finding.remedy();
    return String.format(
        Locale.ROOT,
        "%-7s %s: %s%s",
        name(finding.severity()),
        finding.code(),
        finding.what(),
        remedy);
  }

  /** One JSON object on one line. */
  static Stream<String> json(Diagnosis diagnosis) {
    ObjectNode report = JsonNodeFactory.instance.objectNode().put("worst", name(diagnosis.worst()));
    ArrayNode findings = report.putArray("findings");
    for (Finding finding : diagnosis.findings()) {
      findings
          .addObject()
          .put("severity", name(finding.severity()))
          .put("code", finding.code().toString())
          .put("what", finding.what())
          .put("remedy", finding.remedy());
    }
    return Stream.of(report.toString());
  }

  private static String name(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }
}
