package dev.podidentity.addon.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.binding.BindHost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationValuesTest {
  private static final String GUIDE =
      """
      {
          "agent": {
              "additionalArgs": {
                  "-b": "169.254.170.23"
              }
          }
      }
      """;

  @Test
  void listensOnIpv4OnlyWithTheValuesOfTheGuide() {
    assertThat(ConfigurationValues.parse(GUIDE).agentSettings().bindHosts())
        .containsExactly(BindHost.parse("169.254.170.23"));
  }

  @Test
  void hasTheReferenceAgentsDefaults() {
    AgentSettings settings = ConfigurationValues.none().agentSettings();

    assertThat(settings).isEqualTo(AgentSettings.defaults());
    assertThat(settings.bindingRules()).hasToString("169.254.170.23, [fd00:ec2::23]");
    assertThat(settings.port()).isEqualTo(80);
    assertThat(settings.retention()).isEqualTo(Duration.ofHours(3));
    assertThat(settings.maxCacheSize()).isEqualTo(2000);
    assertThat(settings.maxServiceQps()).isEqualTo(3);
    assertThat(settings.arguments()).isEmpty();
  }

  @Test
  void takesFlagsInAnyOfTheirNamesAndNumbersAsNumbers() {
    AgentSettings settings =
        ConfigurationValues.parse(
                """
                {"agent": {"additionalArgs": {
                  "--bind-hosts": "169.254.170.23,[fd00:ec2::23]?auto", "-p": 8080,
                  "--max-cache-size": "0", "--rotate-credentials": true, "-v": "debug",
                  "--endpoint": "http://127.0.0.1:8080"}}}
                """)
            .agentSettings();

    assertThat(settings.bindingRules()).hasToString("169.254.170.23, [fd00:ec2::23]?auto");
    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.maxCacheSize()).isZero();
    assertThat(settings.rotateCredentials()).isTrue();
    assertThat(settings.endpoint()).isPresent();
    assertThat(settings.arguments().keySet())
        .containsExactly(
            "-b", "-p", "--max-cache-size", "--rotate-credentials", "--endpoint", "-v");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"agnet": {}}                              | /agnet                     | agent
          {"agent": {"additonalArgs": {}}}           | /agent/additonalArgs       | additionalArgs
          {"agent": {"additionalArgs": {"--bindhosts": "127.0.0.1"}}} | /agent/additionalArgs/--bindhosts | --bind-hosts
          {"agent": {"additionalArgs": {"--max-cachesize": 3}}} | /agent/additionalArgs/--max-cachesize | --max-cache-size
          {"imagePullSecret": []}                    | /imagePullSecret           | imagePullSecrets
          {"podLables": {}}                          | /podLables                 | podLabels
          {"updatestrategy": {}}                     | /updatestrategy            | updateStrategy
          {"metrics": {"servicemonitor": {}}}        | /metrics/servicemonitor    | serviceMonitor
          """)
  void namesTheNearestKeyToAMistypedOne(String json, String pointer, String nearest) {
    ConfigurationProblem problem = problems(json).get(0);

    assertThat(problem.pointer()).isEqualTo(pointer);
    assertThat(problem.nearest()).hasValue(nearest);
    assertThat(problem.accepted()).contains(nearest);
  }

  @Test
  void saysWhatWasFoundAndWhatIsAcceptedForEachProblemAtOnce() {
    List<ConfigurationProblem> problems =
        problems(
            """
            {"agent": {"additionalArgs": {"-p": 70000, "-v": "loud", "-b": "localhost"}},
             "tolerations": [{"operator": "Maybe"}], "imagePullSecrets": [{}]}
            """);

    assertThat(problems)
        .extracting(ConfigurationProblem::pointer)
        .containsExactly(
            "/agent/additionalArgs/-p",
            "/agent/additionalArgs/-v",
            "/agent/additionalArgs/-b",
            "/tolerations/0/operator",
            "/imagePullSecrets/0");
    assertThat(problems.get(0).message())
        .contains("found 70000", "from 1 to 65535", "port of the credential endpoint");
    assertThat(problems.get(1).message()).contains("found 'loud'", "one of panic, fatal");
    assertThat(problems.get(4).message()).contains("found no 'name'");
  }

  // Java's '$' matches before a line break at the end, that of JSON Schema does not.
  @Test
  void refusesALineBreakBehindAValue() {
    assertThat(problems("{\"agent\": {\"additionalArgs\": {\"-p\": \"8080\\n\"}}}").get(0).found())
        .isEqualTo("'8080?'");
  }

  @Test
  void pointsAsRfc6901Says() {
    assertThat(problems("{\"a/b~c\": 1}").get(0).pointer()).isEqualTo("/a~1b~0c");
  }

  /** What no schema can say: the parser alone judges it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"agent": {"additionalArgs": {"-b": "1::2::3"}}}                         | -b
          {"agent": {"additionalArgs": {"-b": "0.0.0.0"}}}                         | -b
          {"agent": {"additionalArgs": {"-b": "127.0.0.1,127.0.0.1"}}}             | -b
          {"agent": {"additionalArgs": {"--metrics-address": "1::2::3"}}}          | --metrics-address
          {"agent": {"additionalArgs": {"-p": 81, "--port": 82}}}                  | --port
          {"agent": {"additionalArgs": {"--max-credential-retention-before-renewal": "999999999h"}}} | --max-credential-retention-before-renewal
          """)
  void refusesWhatNoAgentCouldUse(String json, String flag) {
    ConfigurationProblem problem = problems(json).get(0);

    assertThat(problem.pointer()).isEqualTo("/agent/additionalArgs/" + flag);
    assertThat(problem.message()).contains("what the agent's flag takes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "1", "{} {}", "{\"env\":{},\"env\":{}}"})
  void refusesWhatIsNoJsonObject(String text) {
    assertThat(problems(text).get(0).pointer()).isEmpty();
    assertThat(problems(text).get(0).accepted()).isEqualTo("a JSON object");
  }

  @Test
  void showsNoValueOfAnEnvironmentVariable() {
    var values = ConfigurationValues.parse("{\"env\": {\"PASSWORD\": \"hunter2\"}}");
    var wrong =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> ConfigurationValues.parse("{\"env\": {\"PASSWORD\": [\"hunter2\"]}}"));

    assertThat(values.toString()).doesNotContain("hunter2");
    assertThat(wrong).hasMessageContaining("/env/PASSWORD: found a list");
    assertThat(wrong.getMessage()).doesNotContain("hunter2");
  }

  @Test
  void showsNothingThatATerminalWouldObey() {
    String message =
        problems("{\"image\": {\"pullPolicy\": \"a\u009b2J\\u001b[2J\u2028b\u202e\"}}")
            .get(0)
            .message();

    assertThat(message).contains("'a?2J?[2J?b?'");
  }

  @Test
  void mergesOverDefaultsAsHelmDoes() {
    var values =
        ConfigurationValues.parse(
            """
            {"image": {"tag": "0.1.37"}, "tolerations": [{"key": "x"}], "priorityClassName": null}
            """);

    var merged = values.over(ConfigurationValues.defaults());

    assertThat(merged.json())
        .contains("\"image\":{\"pullPolicy\":\"Always\",\"tag\":\"0.1.37\"}")
        .contains("\"tolerations\":[{\"key\":\"x\"}]")
        .doesNotContain("priorityClassName");
    assertThat(merged.differences(ConfigurationValues.defaults()))
        .containsExactly("/image/tag", "/priorityClassName", "/tolerations");
  }

  @Test
  void replacesOnePlace() {
    var one = ConfigurationValues.parse("{\"env\": {\"A\": \"1\", \"B\": \"1\"}}");
    var other = ConfigurationValues.parse("{\"env\": {\"A\": \"2\"}}");

    assertThat(one.with("/env/A", other).json()).isEqualTo("{\"env\":{\"A\":\"2\",\"B\":\"1\"}}");
    assertThat(one.with("/env/B", other).json()).isEqualTo("{\"env\":{\"A\":\"1\"}}");
    assertThat(one.sameAt("/env/A", other)).isFalse();
    assertThat(one.sameAt("/image/tag", other)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"10%, 20, 2", "10%, 21, 3", "10%, 1, 1", "100%, 7, 7", "1%, 5, 1"})
  void roundsTheShareOfUnavailableNodesUp(String share, int nodes, int expected) {
    var values =
        ConfigurationValues.parse(
            "{\"updateStrategy\":{\"rollingUpdate\":{\"maxUnavailable\":\"" + share + "\"}}}");

    assertThat(values.maxUnavailable(nodes)).isEqualTo(expected);
  }

  @Test
  void takesANumberOfUnavailableNodes() {
    assertThat(
            ConfigurationValues.parse(
                    "{\"updateStrategy\":{\"rollingUpdate\":{\"maxUnavailable\":4}}}")
                .maxUnavailable(20))
        .isEqualTo(4);
    assertThat(ConfigurationValues.none().maxUnavailable(20)).isEqualTo(2);
  }

  @Test
  void namesTheImagePullSecrets() {
    assertThat(
            ConfigurationValues.parse("{\"imagePullSecrets\":[{\"name\":\"registry\"}]}")
                .imagePullSecrets())
        .containsExactly("registry");
  }

  @Test
  void writesSettingsBack() {
    AgentSettings settings = ConfigurationValues.parse(GUIDE).agentSettings();

    assertThat(ConfigurationValues.of(settings)).isEqualTo(ConfigurationValues.parse(GUIDE));
    assertThat(ConfigurationValues.of(AgentSettings.defaults()))
        .isEqualTo(ConfigurationValues.none());
    assertThat(settings.endpoint()).isEqualTo(Optional.empty());
  }

  private static List<ConfigurationProblem> problems(String json) {
    var refused =
        catchThrowableOfType(ConfigurationException.class, () -> ConfigurationValues.parse(json));
    assertThat(refused).as(json).isNotNull();
    assertThat(refused).hasMessageContaining(refused.problems().get(0).message());
    return refused.problems();
  }
}
