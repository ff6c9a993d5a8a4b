package dev.podidentity.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTest {
  static List<String> cases() {
    return Chart.cases();
  }

  @Test
  void helmHasNothingToSayAgainstIt() {
    assertThat(new Helm(Chart.FOLDER).lint().strict().call().isFailed()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theAgentHasNoMorePrivilegeThanPort80Takes(String name) throws IOException {
    for (PodSpec pod : pods(Chart.render(name))) {
      var security = agent(pod).getSecurityContext();
      assertThat(security.getPrivileged()).isNull();
      assertThat(security.getAllowPrivilegeEscalation()).isFalse();
      assertThat(security.getReadOnlyRootFilesystem()).isTrue();
      assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(security.getCapabilities().getAdd()).containsExactly("NET_BIND_SERVICE");
    }
  }

  @Test
  void preparingTheNodeTakesOneCapability() throws IOException {
    var security =
        pods(Chart.render("default")).get(0).getInitContainers().get(0).getSecurityContext();

    assertThat(security.getPrivileged()).isNull();
    assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(security.getCapabilities().getAdd()).containsExactly("NET_ADMIN");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "init.securityContext.privileged",
        "daemonsets.cloud.additionalSecurityContext.privileged"
      })
  void aPrivilegedContainerMayEscalateItsPrivileges(String value) throws IOException {
    PodSpec pod = pods(Chart.render(Map.of(value, "true"))).get(0);

    assertThat(Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream()))
        .extracting(Container::getSecurityContext)
        .filteredOn(security -> Boolean.TRUE.equals(security.getPrivileged()))
        .singleElement()
        .satisfies(security -> assertThat(security.getAllowPrivilegeEscalation()).isNull())
        .satisfies(security -> assertThat(security.getReadOnlyRootFilesystem()).isTrue());
  }

  @Test
  void isGrantedNothingAtTheApiServer() throws IOException {
    for (String name : List.of("default", "hybrid", "hybrid-bottlerocket", "ipv4-only")) {
      assertThat(Manifests.of(ClusterRole.class, Chart.render(name))).isEmpty();
      assertThat(Manifests.of(ClusterRoleBinding.class, Chart.render(name))).isEmpty();
    }
  }

  @Test
  void onlyTheAgentHasATokenOfItsOwn() throws IOException {
    for (PodSpec pod : pods(Chart.render("default"))) {
      assertThat(pod.getServiceAccountName()).isEqualTo("eks-pod-identity-agent");
      assertThat(pod.getAutomountServiceAccountToken()).isFalse();
      assertThat(pod.getInitContainers().get(0).getVolumeMounts()).isEmpty();
      assertThat(agent(pod).getVolumeMounts())
          .extracting(VolumeMount::getMountPath)
          .contains("/var/run/secrets/kubernetes.io/serviceaccount");
    }
  }

  @Test
  void needsNoAccountWhereTokensAreNotVerified() throws IOException {
    String rendered = Chart.render("ipv4-only");

    assertThat(Manifests.of(ServiceAccount.class, rendered)).isEmpty();
    for (PodSpec pod : pods(rendered)) {
      assertThat(pod.getServiceAccountName()).isNull();
      assertThat(pod.getVolumes()).isEmpty();
      assertThat(agent(pod).getArgs()).containsSequence("--token-verification", "off");
    }
  }

  @Test
  void theHostsBundleIsMountedAsAFile() throws IOException {
    PodSpec pod =
        pods(Chart.render(Map.of("caBundle.hostPath", "/etc/pki/tls/certs/ca-bundle.crt"))).get(0);

    assertThat(agent(pod).getArgs())
        .containsSequence("--ca-bundle", "/etc/pod-identity/ca/ca-bundle.crt");
    assertThat(agent(pod).getVolumeMounts())
        .filteredOn(mount -> mount.getName().equals("ca-bundle"))
        .singleElement()
        .satisfies(mount -> assertThat(mount.getReadOnly()).isTrue())
        .extracting(VolumeMount::getMountPath)
        .isEqualTo("/etc/pod-identity/ca/ca-bundle.crt");
    assertThat(pod.getVolumes())
        .filteredOn(volume -> volume.getName().equals("ca-bundle"))
        .singleElement()
        .satisfies(volume -> assertThat(volume.getHostPath().getType()).isEqualTo("File"));
  }

  @Test
  void podLivenessMayReadPodsAndNoMore() throws IOException {
    String rendered = Chart.render(Map.of("podLivenessCheck.enabled", "true"));

    assertThat(Manifests.of(ClusterRole.class, rendered).get(0).getRules())
        .singleElement()
        .satisfies(rule -> assertThat(rule.getResources()).containsExactly("pods"))
        .satisfies(rule -> assertThat(rule.getVerbs()).containsExactly("get", "list", "watch"));
    var binding = Manifests.of(ClusterRoleBinding.class, rendered).get(0);
    assertThat(binding.getSubjects())
        .singleElement()
        .satisfies(
            subject ->
                assertThat(subject.getName())
                    .isEqualTo(pods(rendered).get(0).getServiceAccountName()));
    assertThat(agent(pods(rendered).get(0)).getArgs()).contains("--pod-liveness");
    assertThat(agent(pods(rendered).get(0)).getEnv())
        .filteredOn(variable -> variable.getName().equals("NODE_NAME"))
        .singleElement()
        .satisfies(
            variable ->
                assertThat(variable.getValueFrom().getFieldRef().getFieldPath())
                    .isEqualTo("spec.nodeName"));
  }

  @Test
  void readsPodsWithNobodyElsesAccount() {
    assertThatThrownBy(
            () ->
                Chart.render(
                    Map.of("podLivenessCheck.enabled", "true", "serviceAccount.create", "false")))
        .hasMessageContaining("needs an account of the agent's own");
  }

  @Test
  void everyKindOfNodeIsChosenOnce() throws IOException {
    List<DaemonSet> all =
        Manifests.of(
            DaemonSet.class,
            Chart.render(
                Map.of(
                    "daemonsets.hybrid.create",
                    "true",
                    "daemonsets.hybrid-bottlerocket.create",
                    "true")));

    assertThat(all).hasSize(3);
    assertThat(all).extracting(set -> set.getMetadata().getName()).doesNotHaveDuplicates();
    assertThat(all)
        .extracting(set -> set.getSpec().getSelector().getMatchLabels())
        .doesNotHaveDuplicates();
    assertThat(all)
        .extracting(set -> set.getSpec().getTemplate().getSpec().getAffinity())
        .doesNotHaveDuplicates();
  }

  @Test
  void agentsOnHybridNodesReadTheHostsCredentialsAndDoNotWriteThem() throws IOException {
    for (String name : List.of("hybrid", "hybrid-bottlerocket")) {
      var pods = pods(Chart.render(name));
      PodSpec pod = pods.get(pods.size() - 1);
      assertThat(agent(pod).getArgs()).containsSequence("--rotate-credentials", "true");
      VolumeMount credentials =
          agent(pod).getVolumeMounts().stream()
              .filter(mount -> mount.getName().equals("aws-credentials"))
              .findFirst()
              .orElseThrow();
      String folder = credentials.getMountPath();
      assertThat(credentials.getReadOnly()).isTrue();
      assertThat(agent(pod).getEnv())
          .filteredOn(variable -> variable.getName().equals("AWS_SHARED_CREDENTIALS_FILE"))
          .singleElement()
          .extracting(EnvVar::getValue)
          .isEqualTo(folder + "/credentials");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void selectorsFindThePodsThatTheyAreFor(String name) throws IOException {
    String rendered = Chart.render(name);
    for (DaemonSet set : Manifests.of(DaemonSet.class, rendered)) {
      var labels = set.getSpec().getTemplate().getMetadata().getLabels();
      assertThat(labels).containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels());
      for (Service service : Manifests.of(Service.class, rendered)) {
        assertThat(labels).containsAllEntriesOf(service.getSpec().getSelector());
      }
    }
    for (ServiceMonitor monitor : Manifests.of(ServiceMonitor.class, rendered)) {
      assertThat(Manifests.of(Service.class, rendered))
          .singleElement()
          .satisfies(
              service ->
                  assertThat(service.getMetadata().getLabels())
                      .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clusterName          | ''    | clusterName is empty",
        "env.AWS_REGION       | ''    | env.AWS_REGION is empty",
        "image.containerRegistry | '' | image.containerRegistry is empty",
        "agent.probePorts     | 1     | probePorts",
        "agent.probePort      | 0     | probePort",
        "image.pullPolicy     | Maybe | pullPolicy",
        "agent.additionalArgs.b | 1   | additionalArgs"
      })
  void saysWhatIsWrongWithAValue(String name, String value, String message) {
    assertThatThrownBy(() -> Chart.render(Map.of(name, value))).hasMessageContaining(message);
  }

  private static List<PodSpec> pods(String rendered) throws IOException {
    return Manifests.of(DaemonSet.class, rendered).stream()
        .map(set -> set.getSpec().getTemplate().getSpec())
        .toList();
  }

  private static Container agent(PodSpec pod) {
    return pod.getContainers().get(0);
  }
}
