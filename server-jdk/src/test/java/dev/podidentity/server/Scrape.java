package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.server.metrics.PrometheusText;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scraper reads: every line is a sample, or says something about those that follow. */
final class Scrape {
  private static final Pattern META =
      Pattern.compile("# (?<what>HELP|TYPE|UNIT) (?<name>[a-z_:][a-z0-9_:]*) (?<text>\\S.*)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(?<name>[a-z_:][a-z0-9_:]*)"
              + "(\\{(?<labels>([a-z_]+=\"([^\"\\\\\\n]|\\\\[\\\\n\"])*\",?)*)\\})? (?<value>[-+.0-9eEInfNa]+)");
  private static final Pattern LABEL = Pattern.compile("(?<name>[a-z_]+)=\"(?<value>[^\"]*)\"");
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";

  private final String text;
  private final Map<String, Double> samples = new LinkedHashMap<>();
  private final Map<String, Set<String>> labels = new LinkedHashMap<>();
  private final Map<String, String> helps = new LinkedHashMap<>();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, String> units = new LinkedHashMap<>();

  private Scrape(String text) {
    this.text = text;
    text.lines().filter(line -> !line.equals("# EOF")).forEach(this::read);
  }

  static Scrape of(PrometheusRegistry registry) {
    return new Scrape(PrometheusText.of(registry).page(null).text());
  }

  static Scrape openMetrics(PrometheusRegistry registry) {
    var answer = PrometheusText.of(registry).page(OPEN_METRICS);
    assertThat(answer.contentType()).startsWith("application/openmetrics-text");
    String text = answer.text();
    assertThat(text).endsWith("# EOF\n");
    return new Scrape(text);
  }

  private void read(String line) {
    Matcher meta = META.matcher(line);
    if (meta.matches()) {
      Map<String, String> map =
          switch (meta.group("what")) {
            case "HELP" -> helps;
            case "TYPE" -> types;
            default -> units;
          };
      map.put(meta.group("name"), meta.group("text"));
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    assertThat(sample.matches()).as(line).isTrue();
    String inBraces = sample.group("labels") == null ? "" : "{" + sample.group("labels") + "}";
    samples.put(sample.group("name") + inBraces, Double.valueOf(sample.group("value")));
    Matcher label = LABEL.matcher(inBraces);
    while (label.find()) {
      labels
          .computeIfAbsent(label.group("name"), unused -> new LinkedHashSet<>())
          .add(label.group("value"));
    }
  }

  double value(String sample) {
    assertThat(samples).containsKey(sample);
    return samples.getOrDefault(sample, Double.NaN);
  }

  Collection<String> names() {
    return samples.keySet();
  }

  /** The values that each label has anywhere. */
  Map<String, Set<String>> labels() {
    return labels;
  }

  Map<String, String> helps() {
    return helps;
  }

  Map<String, String> types() {
    return types;
  }

  Map<String, String> units() {
    return units;
  }

  String text() {
    return text;
  }
}
