package dev.podidentity.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podidentity.credential.FailureReason;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Alerts and dashboard ask for nothing that an agent does not expose. */
@TestInstance(Lifecycle.PER_CLASS) // one agent is exposed to all tests
class MonitoringTest {
  private static final Pattern METRIC =
      Pattern.compile("\\b((?:pod_identity|jvm|process)_\\w+)(?:\\{([^}]*)\\})?");
  private static final Pattern MATCHER =
      Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");
  private static final Pattern RATE =
      Pattern.compile("\\b(?:rate|increase)\\s*\\(\\s*((?:pod_identity|jvm|process)_\\w+)");
  private static final Pattern GROUPED = Pattern.compile("\\bby\\s*\\(([^)]*)\\)");

  /** What Prometheus itself adds to each sample. */
  private static final Set<String> OF_THE_TARGET = Set.of("instance", "job");

  /** Exposed once there was a failure; the labels are those of the reference agent. */
  private static final String ERRORS = "pod_identity_cache_errors";

  private final ExposedMetrics exposed;

  MonitoringTest() throws IOException, InterruptedException {
    exposed = ExposedMetrics.ofAnAgent();
  }

  static List<String> alerts() throws IOException {
    return rules().stream().map(rule -> rule.getExpr().getStrVal()).toList();
  }

  private static List<Rule> rules() throws IOException {
    return Manifests.of(PrometheusRule.class, Chart.render("everything"))
        .get(0)
        .getSpec()
        .getGroups()
        .stream()
        .flatMap(group -> group.getRules().stream())
        .toList();
  }

  static List<String> panels() throws IOException {
    var expressions = new ArrayList<String>();
    for (JsonNode panel : dashboard().path("panels")) {
      panel.path("targets").forEach(target -> expressions.add(target.path("expr").asText()));
    }
    return expressions;
  }

  private static JsonNode dashboard() throws IOException {
    String json =
        Manifests.of(ConfigMap.class, Chart.render("everything"))
            .get(0)
            .getData()
            .get("pod-identity-agent.json");
    return new JsonMapper().readTree(json);
  }

  @ParameterizedTest
  @MethodSource({"alerts", "panels"})
  void asksForWhatIsExposed(String expression) {
    assertThat(problems(expression)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rate(pod_identity_hits_total[5m])",
        "rate(pod_identity_cache_entries[5m])",
        "pod_identity_address_up{host=\"a\"} == 0",
        "pod_identity_upstream_calls_total{code=\"AccessDenied\"}",
        "sum by (pod) (rate(pod_identity_refused_total[5m]))",
        "sum(rate(pod_identity_refused_total[5m])",
        "up == 1"
      })
  void wouldSeeWhatIsNot(String expression) {
    assertThat(problems(expression)).isNotEmpty();
  }

  @Test
  void everyAlertSaysWhatToDo() throws IOException {
    assertThat(rules())
        .isNotEmpty()
        .allSatisfy(rule -> assertThat(rule.getAlert()).startsWith("PodIdentity"))
        .allSatisfy(rule -> assertThat(rule.getLabels()).containsKey("severity"))
        .allSatisfy(
            rule -> assertThat(rule.getAnnotations()).containsOnlyKeys("summary", "description"));
    assertThat(rules()).extracting(Rule::getAlert).doesNotHaveDuplicates();
  }

  @Test
  void theDashboardIsForAnyDataSource() throws IOException {
    JsonNode dashboard = dashboard();

    assertThat(dashboard.path("panels")).hasSizeGreaterThan(10);
    assertThat(dashboard.path("panels"))
        .allSatisfy(
            panel ->
                assertThat(panel.path("datasource").path("uid").asText())
                    .isEqualTo("${datasource}"));
    assertThat(dashboard.path("templating").path("list"))
        .extracting(variable -> variable.path("name").asText())
        .containsExactly("datasource", "instance");
  }

  private List<String> problems(String expression) {
    var problems = new ArrayList<String>();
    boolean namesAny = false;
    var labels = new HashSet<>(OF_THE_TARGET);
    labels.add("le");
    for (Matcher metric = METRIC.matcher(expression); metric.find(); ) {
      String name = metric.group(1);
      namesAny = true;
      if (!exposed.names().contains(name) && !name.equals(ERRORS)) {
        problems.add("no metric " + name);
      }
      var known = new HashSet<>(exposed.labelsOf(name));
      known.addAll(name.equals(ERRORS) ? Set.of("type", "code") : Set.of());
      labels.addAll(known);
      if (metric.group(2) != null) {
        problems.addAll(problemsOfMatchers(name, metric.group(2), known));
      }
    }
    if (!namesAny && !expression.startsWith("up{")) {
      problems.add("asks for nothing of the agent");
    }
    for (Matcher rate = RATE.matcher(expression); rate.find(); ) {
      if (!exposed.counts(rate.group(1)) && !rate.group(1).equals(ERRORS)) {
        problems.add(rate.group(1) + " does not count");
      }
    }
    for (Matcher by = GROUPED.matcher(expression); by.find(); ) {
      Arrays.stream(by.group(1).split(","))
          .map(String::strip)
          .filter(label -> !labels.contains(label))
          .forEach(label -> problems.add("no label " + label));
    }
    if (expression.chars().filter(c -> c == '(').count()
        != expression.chars().filter(c -> c == ')').count()) {
      problems.add("brackets do not match");
    }
    return problems;
  }

  private static List<String> problemsOfMatchers(String metric, String text, Set<String> known) {
    var problems = new ArrayList<String>();
    for (Matcher matcher = MATCHER.matcher(text); matcher.find(); ) {
      String label = matcher.group(1);
      if (!known.contains(label) && !OF_THE_TARGET.contains(label)) {
        problems.add(metric + " has no label " + label);
      } else if (label.equals("code") && !codes().containsAll(alternatives(matcher.group(2)))) {
        problems.add(metric + " has no code " + matcher.group(2));
      }
    }
    return problems;
  }

  private static List<String> alternatives(String value) {
    return List.of(value.split("\\|"));
  }

  private static Set<String> codes() {
    return Arrays.stream(FailureReason.values())
        .map(FailureReason::code)
        .collect(Collectors.toSet());
  }
}
